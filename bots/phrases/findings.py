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
    "V09": "在重点地区{in_key_region}人，多于应报{due}人",
    "V14": "合计与下级各单位之和不一致",
    "V15": "发热{fever}人中，已判断{judged}人，请核实其余并说明是否需要报告",
    "V17": "有小于零的数字",
    "V19": "在册{enrolled}人，与昨天不同，请确认是否有转入转出",
    "V20": "因病缺勤{sick_absence}人，比昨天明显增多，请留意是否有聚集",
}
#: Warnings for whoever is about to sign; V15 is asked of the reporter only.
_SHOWN = ("V05", "V19", "V20")


def in_words(findings: Iterable[Finding]) -> str:
    """What does not fit, one after another."""
    return "；".join(WORDS[finding.code].format_map(finding.numbers) for finding in findings)


def warnings(findings: Iterable[Finding]) -> str:
    """What should be looked at before signing, as a line; empty where everything fits."""
    told = in_words(finding for finding in findings if finding.code in _SHOWN and not finding.blocks)
    return f"请核对：{told}。" if told else ""
