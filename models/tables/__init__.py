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
from models.tables.check_in import Absence, Alert, Call, CheckIn, PersonDay, UnitDay
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
from models.tables.incident import ContactCandidate, Incident, IncidentEvent, IncidentStep, PersonPlace
from models.tables.management import Clearance, Management, ObservationCheck
from models.tables.organisation import BindingCode, ClassSpan, Enrolment, Person, Post, RosterStep, SchoolStep, Unit
from models.tables.register import AbsenceFollowUp, Declaration, Journey, KeyContact, KeyDecision, KeyPerson
from models.tables.report import Report, ReportNudge, ReportVersion
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
    "Call",
    "Campaign",
    "CampaignAnswer",
    "CheckIn",
    "Circular",
    "ClassSpan",
    "Clearance",
    "ClusterSignal",
    "ContactCandidate",
    "Declaration",
    "Drawing",
    "EarlyFailure",
    "Enrolment",
    "Grant",
    "Inbox",
    "Incident",
    "IncidentEvent",
    "IncidentStep",
    "JobCursor",
    "Journey",
    "KeyContact",
    "KeyDecision",
    "KeyPerson",
    "KeyRegionRow",
    "Management",
    "ObservationCheck",
    "Occurrence",
    "Onset",
    "OptOut",
    "Outbox",
    "Person",
    "PersonDay",
    "PersonPlace",
    "PlatformToken",
    "Post",
    "QuotaDay",
    "Receipt",
    "Report",
    "ReportNudge",
    "ReportVersion",
    "RosterStep",
    "SchoolStep",
    "SendingStop",
    "Signature",
    "TeacherThread",
    "Unit",
    "UnitDay",
    "Version",
    "WatchSession",
]
