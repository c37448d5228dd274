"""What the partnership does with the audits: panels, meetings, what was agreed and done, findings, publication.

Builds on surveys; surveys knows nothing of it.
"""
