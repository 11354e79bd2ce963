"""From a roster file to the database and back to files: what the command line, the pages and the demo share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.files.sheets import read_tables, write_xlsx
from models.actions.roster import Changes, import_roster
from models.queries import roster as stored
from models.queries.units import Units
from models.rules.district import District
from models.rules.organisation import BUREAU_DUTY_WORDS, SCHOOL_DUTY_WORDS, SCHOOL_KINDS
from models.rules.roster import COLUMNS, EXAMPLE, JOINED, PUPILS, SCHOOLS, STAFF, Roster, Sheet
from models.rules.roster_reading import read_roster
from models.work import Work


def bureau_of(district: District) -> tuple[str, frozenset[str]]:
    """The bureau's name, and the other writings of it that a 单位 may use."""
    name = district.bureau or f"{district.name}教育局"
    return name, frozenset({name, district.name, f"{district.name}教育局", "教育局", "区教育局"})


def check(work: Work, sheets: list[Sheet], partial: bool = False) -> Roster:
    """Read sheets against what is stored. Raises BadRoster."""
    connection = work.flush()
    known = stored.known(work.units, stored.everybody(connection).values())
    bureau, names = bureau_of(work.district)
    return read_roster(sheets, known, bureau, names, partial)


def load(
    work: Work,
    path: Path,
    *,
    on: date | None = None,
    retire_missing: bool = False,
    actor: str = "operator",
) -> tuple[Changes, Roster]:
    """Load a roster file into the unit of work. Raises BadSheet, BadRoster."""
    roster = check(work, read_tables(path), partial=path.suffix.lower() == ".csv")
    return import_roster(work, roster, on=on, retire_missing=retire_missing, actor=actor), roster


def unit_at(units: Units, path: str, district: District) -> int | None:
    """The unit an operator names by its path; the bureau by its name. None where there is none."""
    bureau, names = bureau_of(district)
    wanted = path.strip().strip("/").replace("／", "/")
    found = units.at(bureau if wanted in names else wanted)
    return found.id if found else None


#: Notes shown on the headings of the template.
NOTES = {
    (PUPILS, "学校"): "学校全称，同一所学校各行写法要一致",
    (PUPILS, "年级"): "小班 中班 大班、一年级 … 九年级、初一 … 高三",
    (PUPILS, "班级"): "例如 2班",
    (PUPILS, "学号"): "全区不重复，建议用学籍号；这一列已设为文本",
    (PUPILS, "性别"): "男 或 女，可不填",
    (PUPILS, "家长手机"): "11 位手机号，可不填",
    (PUPILS, JOINED): "可不填。首次导入从学年开始（9月1日）计，以后新增的从第二天计；填了以此为准",
    (STAFF, "编号"): "工号，全区不重复；同一人有几个职务就填几行，编号相同",
    (STAFF, "单位"): "学校全称（与「学生」表一致）或教育局名称",
    (STAFF, "职务"): "学校：" + " ".join(SCHOOL_DUTY_WORDS) + "\n教育局：" + " ".join(BUREAU_DUTY_WORDS),
    (
        STAFF,
        "管辖",
    ): "班主任、副班主任填班级（三年级/2班）；年级主任填年级；任课教师、职工填收集其健康情况的年级，空着由教务处收集；其他留空",
    (STAFF, JOINED): "可不填，同「学生」表",
    (SCHOOLS, "类别"): " ".join(SCHOOL_KINDS) + "；不填这张表时从校名判断",
    (SCHOOLS, "校区"): "可不填",
}
_EXAMPLES = {
    PUPILS: ("春江实验小学", "三年级", "2班", f"{EXAMPLE}0001", "林小禾", "女", "13900000001", ""),
    STAFF: (f"{EXAMPLE}T001", "陈一禾", "13900000002", "春江实验小学", "班主任", "三年级/2班", ""),
    SCHOOLS: (f"{EXAMPLE}小学", "小学", ""),
}
_GUIDE = (
    "1. 在「学生」「人员」两张表里从第 3 行起每行填写一个人；第 2 行是示例，不会被导入，可以删去。",
    "2. 首行的列名请不要改动；列的先后可以调换。",
    "3. 「学校」表可以不填，从校名看不出类别的学校才需要填。",
    "4. 填好后先试一遍：pinganbao roster import 文件名.xlsx --dry-run，有问题会逐行列出，什么都不会写入。",
    "5. 以后人员有变动，改好同一份名册再导入一次即可；没有变动的人不受影响。",
)


def write_template(path: Path) -> None:
    """An empty workbook with the sheets and columns of contract 5, one example row each, and notes."""
    sheets = {
        name: ((*columns, JOINED) if name != SCHOOLS else columns, [_EXAMPLES[name]])
        for name, columns in COLUMNS.items()
    }
    text_columns = frozenset({"学号", "编号", "家长手机", "手机"})
    write_xlsx(path, {**sheets, "说明": (("怎样填写",), [(line,) for line in _GUIDE])}, NOTES, text_columns)
