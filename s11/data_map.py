"""What the tables of the packages that we build on keep about people; `s11/web/personal_data.py` has the words."""

from s11.organisations.data_map import ACCOUNTS, SECOND_STEPS, SIGNING_IN
from s11.web.personal_data import Basis, Kept, Leaving, Purpose

TRAIL = Purpose(
    title="The record of changes",
    why="To show who changed what, so that an audit can be relied on.",
    basis=Basis.SECURITY,
    source="The service.",
    retention="The record of changes",
    told=("Changes to roles, organisations and cycles, with who made them and from which internet address."),
)
MACHINERY = Purpose(
    title="Machinery",
    why="To run the service.",
    basis=Basis.NOBODY,
    source="The service.",
    retention="No period of its own: with the partnership’s records",
)

TABLES = (
    Kept(
        "admin.LogEntry",
        TRAIL,
        who="user",
        words="object_repr change_message",
        plain="action_time content_type object_id action_flag",
    ),
    Kept(
        "auth.Permission",
        MACHINERY,
        plain="name content_type codename",
    ),
    Kept(
        "auth.Group",
        MACHINERY,
        plain="name permissions",
    ),
    Kept(
        "contenttypes.ContentType",
        MACHINERY,
        plain="app_label model",
    ),
    Kept(
        "account.EmailAddress",
        ACCOUNTS,
        about="user",
        own="user email verified primary",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "account.EmailConfirmation",
        ACCOUNTS,
        about="email_address__user",
        own="email_address created sent",
        keys="key",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "mfa.Authenticator",
        SECOND_STEPS,
        about="user",
        own="user type created_at last_used_at",
        keys="data",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "socialaccount.SocialApp",
        MACHINERY,
        keys="client_id secret key settings",
        plain="provider provider_id name",
    ),
    Kept(
        "socialaccount.SocialAccount",
        SIGNING_IN,
        about="user",
        own="user provider uid last_login date_joined",
        keys="extra_data",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "socialaccount.SocialToken",
        SIGNING_IN,
        about="account__user",
        own="account expires_at",
        keys="token token_secret",
        plain="app",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "auditlog.LogEntry",
        TRAIL,
        about="actor",
        own="actor actor_email remote_addr remote_port",
        words="object_repr changes changes_text",
        plain="content_type object_pk object_id serialized_data action cid timestamp additional_data",
        leaving=Leaving.CLEARED,
        note=(
            "Addresses in it are half hidden as they are written. Of somebody anonymised the name, the "
            "address and the internet address are removed; that, when and by which account something "
            "was changed stays."
        ),
    ),
    Kept(
        "django_tasks_database.DBTaskResult",
        MACHINERY,
        plain=(
            "status enqueued_at started_at finished_at args_kwargs priority task_path worker_ids "
            "queue_name backend_name run_after return_value exception_class_path traceback"
        ),
        note="Jobs carry the numbers of rows, no names.",
    ),
)
