"""One module a room: what one row is, in words and constraints."""

from models.tables.accounts import Account, Binding, Inbox
from models.tables.base import Base
from models.tables.check_in import Absence, Alert, CheckIn, PersonDay, UnitDay
from models.tables.delivery import JobCursor, Occurrence, Outbox, PlatformToken, QuotaDay
from models.tables.organisation import BindingCode, Enrolment, Person, Post, Unit
from models.tables.report import Report, ReportVersion
from models.tables.settings import Audit, CalendarDay, CalendarMode, KeyRegionRow, Version
from models.tables.talk import TeacherThread
from models.tables.watch import ClusterSignal, Onset

__all__ = [
    "Absence",
    "Account",
    "Alert",
    "Audit",
    "Base",
    "Binding",
    "BindingCode",
    "CalendarDay",
    "CalendarMode",
    "CheckIn",
    "ClusterSignal",
    "Enrolment",
    "Inbox",
    "JobCursor",
    "KeyRegionRow",
    "Occurrence",
    "Onset",
    "Outbox",
    "Person",
    "PersonDay",
    "PlatformToken",
    "Post",
    "QuotaDay",
    "Report",
    "ReportVersion",
    "TeacherThread",
    "Unit",
    "UnitDay",
    "Version",
]
