"""The rules of domain handbook 6.4 in words a teacher understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.rules.figures import Finding

#: code → what does not fit; the numbers concerned go in by name
WORDS: Mapping[str, str] = {
    "V01": "应到{expected}人，多于在册{enrolled}人",
    "V02": "实到{present}人加缺勤{absent}人，不等于应到{expected}人",
    "V03": "缺勤{absent}人，与登记的缺勤原因合计{absences}人不一致",
    "V04": "已报{reported}人加免报{exempt}人，多于应报{due}人",
    "V05": "有{unexplained_absence}人缺勤原因不明，请查明后回复“缺勤 姓名 病假 …”登记",
    "V06": "有症状{symptomatic}人，与各症状人数不一致",
    "V07": "有症状{symptomatic}人，多于应报{due}人",
    "V08": "不在本地{not_returned}人，另有地点不明{place_unknown}人，合计多于应报{due}人；一个人一天只在一个地方",
    "V09": "在重点地区{in_key_region}人，多于应报{due}人",
    "V11": "有学生{twice_found}人、教职工{staff_twice_found}人同时登记了两种病例状态，一个人只能有一种",
    "V12": "有学生{twice_kept}人、教职工{staff_twice_kept}人同时登记了两种隔离，一个人只能在一处",
    "V13": "在隔离{isolating}人，昨天签报{before}人，今天新增{new_isolating}人、解除{released_isolating}人，数字接不上",
    "V14": "合计与下级各单位之和不一致",
    "V15": "发热{fever}人中，已判断{judged}人，请核实其余并说明是否需要报告",
    "V17": "有小于零的数字",
    "V18": "与今天相差{apart}天：还没到的日子不能签报，过去的只能补报{allowed}天以内的",
    "V19": "昨天签报时在册{was}人，现在名册上昨天是{counted}人，名册在签报后改动过",
    "V20": "因病缺勤{sick_absence}人，比昨天明显增多，请留意是否有聚集",
    "V21": "有学生{cleared_isolating}人、教职工{staff_cleared_isolating}人今天已准入复课，隔离却没有解除，只能有一样",
}
#: The same rule as a warning.
WARNED: Mapping[str, str] = {
    "V12": "密接{close_contact}人中有{contacts_unplaced}人没有隔离登记，请回复“隔离 姓名 居家 …”登记，或签报后用“补充 …”说明原因",
}
#: Warnings for whoever is about to sign; V15 is asked of the reporter only.
_SHOWN = {"class_unit": ("V05", "V19", "V20"), "school": ("V12", "V13")}


def in_words(findings: Iterable[Finding]) -> str:
    """What does not fit, one after another."""
    return "；".join(
        (WORDS if finding.blocks else {**WORDS, **WARNED})[finding.code].format_map(finding.numbers)
        for finding in findings
    )


def warnings(findings: Iterable[Finding], level: str) -> str:
    """What should be looked at before signing, as a line; empty where everything fits."""
    told = in_words(finding for finding in findings if finding.code in _SHOWN[level] and not finding.blocks)
    return f"请核对：{told}。" if told else ""
