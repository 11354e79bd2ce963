"""What is said of persons in management, their checks, and the papers for coming back (domain handbook 8.5, 8.6, 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bots.engine.replies import link
from bots.wording.health import on
from bots.wording.names import both
from models.queries.management import ClearanceRow, ManagedRow
from models.rules.district import ReturnWait

KINDS: Mapping[str, str] = {
    "suspected": "疑似",
    "confirmed": "确诊",
    "asymptomatic": "无症状感染",
    "close_contact": "密接",
    "general_contact": "一般接触",
    "home_isolation": "居家隔离",
    "central_isolation": "集中隔离",
    "hospitalised": "住院",
}
SLOTS = {"am": "早测", "pm": "晚测"}
CERTIFICATES: Mapping[str, str] = {"recovered": "痊愈", "excluded": "排除", "released": "解除隔离"}
ONLY = "在管登记由校医、疫情报告人和校长办理。您可以把情况告诉他们，或回复“帮助”看您能做什么。"
HOW_FINDING = "请写姓名、来源和时间，例如：密接 王乐乐 区疾控电话通知 3月2日15:20。判定由疾控和医院作出，这里只登记。"
HOW_MEASURE = (
    "请写姓名、方式、最后接触日和来源，例如：隔离 王乐乐 居家 3月1日 区疾控电话通知。方式可写居家、集中、住院。"
)
HOW_RELEASE = "解除需要文书，请写姓名和文书，例如：解除 王乐乐 解除隔离通知书 春疾控2026第3号。"
HOW_OFFICER = "请写姓名和联系人，例如：联系人 王乐乐 陈静。"
NOBODY = "目前没有在管人员。"


def started(name: str, kind: str, former: Sequence[str], ends: date | None, officer: str) -> str:
    instead = f"（原{'、'.join(KINDS[one] for one in former)}记录保留）" if former else ""
    if kind in {"home_isolation", "central_isolation"}:
        until = f"观察到{on(ends)}，早晚各报一次，到期不会自动解除" if ends else ""
        who = f"，联系人{officer}" if officer else ""
        return f"已登记：{name} {KINDS[kind]}{instead}，{until}{who}。换联系人请回复：联系人 {name} 老师姓名。"
    more = (
        f"请登记隔离方式，例如：隔离 {name} 居家 3月1日 区疾控通知。"
        if kind not in {"general_contact", "hospitalised"}
        else ""
    )
    return f"已登记：{name} {KINDS[kind]}{instead}，来源和时间已记下。{more}回复“在管”可查看名单。"


def moved(name: str, kind: str, ends: date | None) -> str:
    until = f"，观察到{on(ends)}" if ends else ""
    return f"{name}已经登记为{KINDS[kind]}{until}。新的最后接触日更晚时会顺延；回复“在管”可查看名单。"


def needs_source(kind: str) -> str:
    return HOW_MEASURE if kind in {"home_isolation", "central_isolation", "hospitalised"} else HOW_FINDING


def not_managed(name: str) -> str:
    return f"{name}目前不在管。回复“在管”可查看名单。"


def released(name: str, kinds: Sequence[str]) -> str:
    return (
        f"已登记解除：{name}（{'、'.join(KINDS[kind] for kind in kinds)}），文书已记下。"
        f"返校还需复课证明、校医查验和班主任准入：查验 {name} 通过 说明。"
    )


def not_yet_over(name: str, ends: date, missed: int) -> str:
    more = f"（漏测{missed}次已顺延）" if missed else ""
    return (
        f"{name}的观察期到{on(ends)}{more}，还没有届满，未解除。"
        f"疾控文书要求提前解除的，请写：解除 {name} 提前 文书名称。"
    )


def unreached(name: str) -> str:
    return f"{name}最近一次没有联系上，观察顺延，未解除。请先联系上并补测，再回复：解除 {name} 文书名称。"


def officer_set(name: str, officer: str) -> str:
    return f"已记下：{name}的联系人是{officer}。漏测时会先提醒{officer}。回复“在管”可查看名单。"


def officer_told(name: str, where: str) -> str:
    return f"请您担任{where} {name}观察期间的联系人，漏测时会提醒您。回复“在管”可查看名单。"


def managed_line(row: ManagedRow, where: str, officer: str, today: date) -> str:
    until = f"，到{on(row.ends_on)}" if row.ends_on else ""
    state = "，可办理解除" if row.state == "due_for_release" else ""
    who = f"，联系人{officer}" if officer else ""
    day = f"，第{(today - row.last_exposure_on).days}天" if row.last_exposure_on else ""
    return f"{where} {row.name}：{KINDS[row.kind]}{day}{until}{state}{who}"


def listed(lines: Sequence[str], people: int) -> str:
    shown = "\n".join(lines[:20])
    more = f"\n等共{len(lines)}条" if len(lines) > 20 else ""
    return f"在管{people}人：\n{shown}{more}\n解除请回复：解除 姓名 文书名称。"


def counts(lines: Sequence[str]) -> str:
    return "在管人数：\n" + "\n".join(lines) + "\n详情请联系学校疫情报告人；回复“今日”看全区情况。"


# -- the two checks ---------------------------------------------------------------------------------------------------
def ask_check(names: Sequence[str], own: str, slot: str, until: str) -> str:
    """The question of one check, siblings in one message."""
    hello = "早上好" if slot == "am" else "晚上好"
    if names:
        return (
            f"{hello}，{both(names)}在观察期，请量一次体温并告诉我有没有不舒服，例如：36.5 没有不舒服。"
            f"{until}前回复即可，谢谢您。"
        )
    return f"{own}老师{hello}，您在观察期，请报体温和身体情况，例如：36.5 没有不舒服。{until}前回复即可，谢谢您。"


def check_noted(name: str, slot: str) -> str:
    return f"{name}的观察期{SLOTS[slot]}已记下，谢谢您。"


def release_due(name: str, where: str, ends: date) -> str:
    return (
        f"{where} {name}的观察期{on(ends)}届满，最近一次检测已报。请核对材料后决定是否解除，系统不会自动解除；"
        f"解除请回复：解除 {name} 文书名称。"
    )


# -- coming back ------------------------------------------------------------------------------------------------------
HOW_PRESENT = "请写孩子姓名、证明类型、开具医院和日期，例如：复课证明 林林 痊愈 区人民医院 3月10日。类型可写痊愈、排除、解除隔离。"
HOW_CHECK = "请写姓名、结果和说明，例如：查验 林林 通过 体温36.5，证明齐全；不通过请写：查验 林林 不通过 原因。"
HOW_ADMIT = "请写姓名，例如：准入 林林。校医查验通过后由班主任登记。"
HOW_REQUIRE = "请写姓名、病名和发病日，例如：要求证明 林林 水痘 3月1日。"
ONLY_DOCTOR = "复课查验由校医进行；没有校医的学校由疫情报告人进行。其他请回复“帮助”。"
ONLY_TEACHER = "准入由班主任登记。其他请回复“帮助”。"
WHO_DECIDES = "能否到校由校医查验后、班主任通知您，请先不要到校。"
PICTURE_KEPT = (
    "照片已记下，只作校医查验之用，到期自动删除。能否到校由校医查验后、班主任通知您；有问题请回复“联系老师”。"
)
ASK_PICTURE = "请再把证明拍一张照片发给我。"


def picture_for_doctor(name: str, where: str, address: str) -> str:
    return (
        f"{where} {name}的证明照片：{link(address, '点开查看')}（24小时内有效，只供您本人查验，每次打开都会留痕）。"
        f"查验后请回复：查验 {name} 通过 说明，或 查验 {name} 不通过 原因。"
    )


def picture_again(name: str) -> str:
    return f"{name}的证明照片没有取到或不是图片，请再拍一张发给我；也可以把原件交校医。"


def papers_of(row: ClearanceRow, where: str, address: str) -> str:
    """What lies there for the doctor who asks without a verdict. address: of the picture, "" where there is none."""
    paper = f"{CERTIFICATES[row.certificate]}，{row.issuer}" if row.certificate else "还没有提交"
    seen = f"照片：{link(address, '点开查看')}（24小时内有效，只供您本人）。" if address else ""
    return f"{where} {row.name}的复课证明：{paper}。{seen}查验请回复：查验 {row.name} 通过 说明，或 查验 {row.name} 不通过 原因。"


def presented(name: str, certificate: str, picture: bool) -> str:
    more = ASK_PICTURE if picture else "请把原件交校医。"
    return f"已记下{name}的复课证明（{CERTIFICATES[certificate]}），已转校医查验。{more}{WHO_DECIDES}"


def to_doctor(row: ClearanceRow, where: str, certificate: str, issuer: str, wait: ReturnWait | None) -> str:
    rule = f"参考：{wait.text}（出处：{wait.source}），以医院证明为准。" if wait else ""
    early = f"按天数最早{on(row.earliest_on)}。" if row.earliest_on else ""
    return (
        f"{where} {row.name}提交了复课证明（{CERTIFICATES[certificate]}，{issuer}），请查验。{rule}{early}"
        f"查验后请回复：查验 {row.name} 通过 说明。"
    )


def no_paper(name: str) -> str:
    return f"{name}还没有提交复课证明。家长可回复“复课证明 {name} 痊愈 医院 日期”，您也可以代为登记。"


def not_asked(name: str) -> str:
    return f"{name}目前不需要复课证明。需要时请回复：要求证明 {name} 病名 发病日。"


def checked(name: str, passed: bool) -> str:
    if passed:
        return f"已记下：{name}的复课查验通过，已请班主任登记准入。班主任请回复：准入 {name}。"
    return f"已记下：{name}的复课查验未通过，原因已记下。补齐后请回复：查验 {name} 通过 说明。"


def to_teacher(name: str, passed: bool) -> str:
    if passed:
        return f"{name}的复课查验已由校医通过。请核对后登记，回复：准入 {name}。"
    return f"{name}的复课查验未通过，请先不要让孩子到校，并告诉家长补齐材料。有问题请联系校医。"


def not_checked(name: str) -> str:
    return f"{name}还没有通过校医查验，不能登记准入。请先请校医查验：查验 {name} 通过 说明。"


def still_managed(name: str, kinds: Sequence[str]) -> str:
    return (
        f"{name}仍在管（{'、'.join(KINDS[kind] for kind in kinds)}），不能登记准入。解除请回复：解除 {name} 文书名称。"
    )


def admitted(name: str) -> str:
    return f"已登记{name}准入，家长会收到通知。回复“在管”可查看其他人。"


def to_family(name: str, teacher: str) -> str:
    return (
        f"{name}的复课材料已由校医查验，{teacher}老师已登记。到校的时间和安排请听班主任通知；有问题请回复“联系老师”。"
    )


def family_released(name: str) -> str:
    return (
        f"学校已按文书登记{name}解除观察，早晚不再另问。返校前还需要复课证明：请回复“复课证明 {name} 解除 出具单位 日期”，"
        "由校医查验、班主任登记后通知您，请先不要到校。"
    )


def family_left(where: str, name: str, how: str, *, others: bool) -> str:
    """To teacher and contact; others: somebody else of the family is still bound."""
    rest = "家里还有别的家长绑定，早晚仍会在对话里询问。" if others else "今后请打电话询问早晚的体温和情况，"
    return f"{where} {name}在观察期，有家长{how}了。{rest}" + (
        f"没有回音时请打电话，并回复：代报 {name} 36.5。" if others else f"问到后回复：代报 {name} 36.5。"
    )


def required(name: str, wait: ReturnWait | None, earliest: date | None) -> str:
    rule = f"参考：{wait.text}（出处：{wait.source}），以医院证明为准。" if wait else ""
    early = f"按天数最早{on(earliest)}。" if earliest else ""
    return f"已登记：{name}返校前需复课证明和校医查验。{rule}{early}家长可回复：复课证明 {name} 痊愈 医院 日期。"


# -- at school --------------------------------------------------------------------------------------------------------
HOW_PRESENCE = "请写已经到校的孩子的姓名，例如：到校 林林。我会核对是否有发热、隔离或未查验的情况。"
ONLY_GATE = "这项功能由班主任、校医、值班领导和门卫使用。其他请回复“帮助”。"


def may_not_be_here(names: Sequence[str], told: Sequence[str]) -> str:
    who = f"已通知{'、'.join(told)}。" if told else ""
    return f"{both(names)}目前不应到校，请先安排到留观处，戴好口罩，由一位老师陪护，并联系家长和校医。{who}处理后请回复“收到”。"


def counted_present_words(names: Sequence[str]) -> str:
    """After a class was signed whose figures count these as present."""
    return (
        f"\n{both(names)}没有缺勤登记，按到校计，但目前不应到校，已提醒值班领导和校医。"
        f"在家请登记：缺勤 {names[0]} 病假 原因；已到校请先安排到留观处并联系家长。"
    )


def seen_after_all(text: str, names: Sequence[str]) -> str:
    """Somebody's absence has ended, and they should not be at school."""
    return f"{text}\n{both(names)}目前不应到校，请先安排到留观处，联系家长和校医，已发提醒。"


def nothing_against(names: Sequence[str]) -> str:
    return f"没有查到{both(names)}发热、隔离、病假、待批准返校或待查验的记录。晨检照常；有异常请写：代报 姓名 体温。"
