"""One module a room: what one row is, in words and constraints."""

from models.tables.accounts import Account, Binding, Inbox
from models.tables.base import Base
from models.tables.campaign import (
    AccountDevice,
    Campaign,
    CampaignAnswer,
    OptOut,
    Receipt,
    Signature,
    WatchSession,
)
from models.tables.check_in import Absence, Alert, CheckIn, PersonDay, UnitDay
from models.tables.circular import Circular
from models.tables.delivery import (
    Drawing,
    EarlyFailure,
    Grant,
    JobCursor,
    Occurrence,
    Outbox,
    PlatformToken,
    QuotaDay,
    SendingStop,
)
from models.tables.organisation import BindingCode, Enrolment, Person, Post, RosterStep, Unit
from models.tables.register import AbsenceFollowUp, Declaration, Journey, KeyContact, KeyDecision, KeyPerson
from models.tables.report import Report, ReportVersion
from models.tables.settings import Audit, CalendarDay, CalendarMode, KeyRegionRow, Version
from models.tables.talk import TeacherThread
from models.tables.watch import ClusterSignal, Onset

__all__ = [
    "Absence",
    "AbsenceFollowUp",
    "Account",
    "AccountDevice",
    "Alert",
    "Audit",
    "Base",
    "Binding",
    "BindingCode",
    "CalendarDay",
    "CalendarMode",
    "Campaign",
    "CampaignAnswer",
    "CheckIn",
    "Circular",
    "ClusterSignal",
    "Declaration",
    "Drawing",
    "EarlyFailure",
    "Enrolment",
    "Grant",
    "Inbox",
    "JobCursor",
    "Journey",
    "KeyContact",
    "KeyDecision",
    "KeyPerson",
    "KeyRegionRow",
    "Occurrence",
    "Onset",
    "OptOut",
    "Outbox",
    "Person",
    "PersonDay",
    "PlatformToken",
    "Post",
    "QuotaDay",
    "Receipt",
    "Report",
    "ReportVersion",
    "RosterStep",
    "SendingStop",
    "Signature",
    "TeacherThread",
    "Unit",
    "UnitDay",
    "Version",
    "WatchSession",
]
