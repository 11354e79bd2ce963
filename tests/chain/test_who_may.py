"""Every command of the chain and of the officials, for every kind of person: who is answered, and who is refused.

The table is read across: what one person hears for each command. 拒: a plain refusal. 无: for this person it is no command,
and nothing of it is kept. Otherwise the words with which the answer begins or that stand in it. Whoever is refused hears
nobody's name and no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import func, select, update

from models.tables import Audit, Call, Outbox, Post, Report
from tests.cast import MONDAY, PUPILS
from tests.play import Play, shown

#: who in the cast stands for which kind of person
PEOPLE = {
    "parent": "可妈",
    "other guardian": "爸爸",
    "stranger": "新人",
    "head teacher": "陈老师",
    "subject teacher": "吴老师",  # their post has ended
    "grade head": "孙主任",
    "academic office": "教务",
    "reporter": "报告人",
    "deputy": "副报告人",
    "principal": "校长",
    "doctor": "校医",
    "officer": "区报告人",
    "leader": "局领导",
    "operator": "应急组",  # holds the post of the system's administrator instead
}
OUTSIDE = ("parent", "other guardian", "stranger", "subject teacher", "operator")
SCHOOL = "academic office, reporter, deputy, principal, doctor"
BUREAU = "officer, leader"
NO = "拒"
NONE = "无"

#: command → who → what stands in the answer; whoever is not named is refused
TABLE: dict[str, dict[str, str]] = {
    "班级": {"head teacher": "三年级2班（3月2日）：应报3人"},
    "未报": {
        "head teacher": "未报：林林、李小明",
        "grade head": "未报：赵可、林林、李小明",
        SCHOOL: "红旗小学：学生未报4人，教职工未报9人。",
        BUREAU: "学校日报：应报2校，已报0，未报：红旗小学、江畔中学。",
    },
    "催报": {
        "head teacher": "已提醒3位家长（2名学生未报）",
        "grade head": "未报的有2个：三年级1班、三年级2班",
        "academic office, reporter, deputy, principal": "未报的有3个：三年级1班、三年级2班、五年级1班",
        BUREAU: "未报的有2个：红旗小学、江畔中学",
    },
    "代报 林林 36.5": {"head teacher": "已代报：林林 36.5℃"},
    "缺勤 林林 病假 感冒": {"head teacher": "已登记缺勤：林林，病假"},
    "电话 林林 没人接": {
        "head teacher, grade head, reporter, deputy, principal, doctor": "记下了：林林家的电话没有联系上",
        "parent, other guardian, subject teacher": NONE,
    },
    "确认": {
        "head teacher": "三年级2班（3月2日）",
        "grade head": "三年级（3月2日）",
        "academic office, reporter, deputy, principal": "红旗小学（3月2日）",
    },
    "确认 三年级2班": {
        "head teacher": "已确认：三年级2班日报（迟报），10:20。",
        "grade head, academic office, reporter, principal": "由上级代为确认",
    },
    "年级": {"grade head": "三年级（3月2日）：应报4人", "academic office": "红旗小学（3月2日）：应报5人"},
    "退回 三年级2班 缺人": {
        "grade head, academic office, reporter, principal": "三年级2班今日的日报还没有确认",
        "officer": "教育局退回的是学校的日报",
    },
    "退回 红旗小学 缺人": {
        "officer": "红旗小学今日的日报还没有确认",
        "grade head, academic office, reporter, principal": "没有找到“红旗小学”",
    },
    "零报告": {"reporter, deputy, principal": "红旗小学（3月2日）：学生应报5人，已报1人，未报4人"},
    "补充 已电话联系": {
        "head teacher, grade head": "补充说明由签报人填写",
        "reporter, deputy, principal": "已补充到红旗小学今日日报",
        "parent, other guardian, subject teacher, academic office, doctor, officer, leader, operator": NONE,
    },
    "联签": {"principal": "红旗小学还没有签报，暂时不用联签"},
    "收到": {
        "head teacher, reporter, doctor": "三年级2班 王乐乐：发热",
        "grade head, academic office, deputy, principal, officer, leader, operator": "目前没有等您确认的提醒",
        "parent, other guardian, subject teacher": "好的，谢谢您。",
        "stranger": "您还没有绑定",
    },
    "今日": {
        "head teacher": "三年级2班（3月2日）",
        "grade head": "三年级（3月2日）",
        SCHOOL: "红旗小学（3月2日）：学生应报5人，已报1人（20.0%）",
        BUREAU: "春江区（3月2日）：学生应报6人，已报1人（16.7%）",
    },
    "查 红旗小学": {f"{SCHOOL}, {BUREAU}": "红旗小学（3月2日）：学生应报5人"},
    "查 江畔中学": {BUREAU: "江畔中学（3月2日）：学生应报1人"},
    "趋势": {SCHOOL: "红旗小学近7天", BUREAU: "春江区近7天"},
    "趋势 14": {SCHOOL: "红旗小学近14天", BUREAU: "春江区近14天"},
    "为什么 红旗小学": {f"{SCHOOL}, {BUREAU}": "红旗小学3月2日日报：还没到截止时间（10:30）。"},
    "为什么 三年级2班": {f"head teacher, grade head, {SCHOOL}, {BUREAU}": "三年级2班3月2日日报：未报，09:30截止"},
    "为什么 江畔中学": {BUREAU: "江畔中学3月2日日报：还没到截止时间（10:30）。"},
    "日报表": {BUREAU: "3月2日日报表"},
    "通报": {BUREAU: "现在没有待批准的通报草稿"},
    "委托 黄河 到周五": {
        "head teacher": "把三年级2班班主任的工作委托给黄河",
        "grade head": "把三年级年级主任的工作委托给黄河",
        "academic office": "把红旗小学教务处的工作委托给黄河",
        "reporter": "把红旗小学疫情报告人的工作委托给黄河",
    },
    "处理 王乐乐 已排除 复测正常": {"head teacher, reporter, deputy, doctor": "王乐乐的提醒已由您核实排除"},
    "不需报告 王乐乐 复测正常": {
        "reporter, deputy, principal": "王乐乐的发热不需报告",
        "parent, other guardian, subject teacher": NONE,
    },
    "待办": {"head teacher, grade head, reporter, deputy, principal, doctor": "三年级2班 王乐乐：发热 38.5℃"},
}
REFUSED = re.compile(
    r"您目前没有这个职务|不负责这个单位|您还没有绑定|由.{2,30}(?:使用|登记|下载|操作|核实后进行|来做)"
    r"|只有班主任、年级主任、教务处和疫情报告人可以委托|您负责的范围里没有找到"
)


def cells() -> Iterator[tuple[str, str, str]]:
    for command, row in TABLE.items():
        expected = {who: words for those, words in row.items() for who in those.split(", ")}
        assert set(expected) <= set(PEOPLE), command
        for who in PEOPLE:
            yield command, who, expected.get(who, NO)


def _stage(play: Play) -> None:
    """王乐乐 has a fever; nobody else has answered, nothing is signed, and it is 10:20."""
    with play.database.write() as connection:
        mine = Post.person_id == play.cast.people["吴老师"]
        connection.execute(update(Post).where(mine).values(to_date=MONDAY))
        mine = Post.person_id == play.cast.people["应急组"]
        connection.execute(update(Post).where(mine).values(role="system_admin", title="管理员"))
    play.clock("08:00")
    play.say("奶奶", "38.5")
    play.clock("10:20")


def _answers(play: Play, command: str, who: str) -> tuple[str, tuple[int, ...]]:
    """What somebody hears, and how much was written down of it; nothing of it stays."""

    def rows() -> tuple[int, ...]:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Audit, Call, Outbox, Report)
        )

    with play.database.engine.connect() as connection, connection.begin() as everything:
        before = rows()
        (reply,) = play.dispatcher.answer([play.incoming(PEOPLE[who], command)], play.work(connection))
        added = tuple(after - earlier for after, earlier in zip(rows(), before, strict=True))
        everything.rollback()
    return shown(reply), added


def test_who_is_answered_and_who_is_refused(play: Play) -> None:
    _stage(play)
    wrong = []
    for command, who, expected in cells():
        said, added = _answers(play, command, who)
        refused = REFUSED.search(said) is not None
        fits = refused if expected == NO else not refused if expected == NONE else expected in said
        if not fits:
            wrong.append(f"{command} · {who}: {expected} ← {said[:90]}")
        if expected in {NO, NONE}:
            names = [name for _, _, name, _ in PUPILS if name in said and name not in command and name != _own(who)]
            if names or "发热1人" in said or "应报" in said or any(added):
                wrong.append(f"{command} · {who}: refused, and yet {names} {added} ← {said[:90]}")
    assert not wrong, "\n".join(wrong)


def _own(who: str) -> str:
    """The child a person may be asked about by name."""
    return {"parent": "赵可", "other guardian": "林林"}.get(who, "")


@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_has_no_post_never_reads_anybody_elses_child(play: Play, who: str) -> None:
    _stage(play)
    for command in TABLE:
        said, added = _answers(play, command, who)
        for _, _, name, _ in PUPILS:
            assert name not in said or name in command or name == _own(who), (command, said)
        assert not any(added), command


def test_every_refusal_says_what_to_do_instead(play: Play) -> None:
    _stage(play)
    for command, who, expected in cells():
        if expected == NO:
            said, _ = _answers(play, command, who)
            assert re.search(r"回复“|发“|请发送|请写|联系|受托的工作不能再转托", said), (command, who, said)


def test_a_head_teacher_who_is_a_parent_elsewhere_reads_each_in_its_own_place(play: Play) -> None:
    """Domain handbook 16.3: roles must not leak."""
    from sqlalchemy import insert

    from models.tables import Binding

    _stage(play)
    with play.database.write() as connection:
        moment: datetime = play.now
        connection.execute(
            insert(Binding).values(
                account_id=play.cast.accounts["卫老师"],
                person_id=play.cast.people["林林"],
                relation="guardian",
                rank=3,
                bound_at=moment,
                consent_version="2026-02",
                consented_at=moment,
            )
        )
    said = play.say("卫老师", "班级")
    assert said.startswith("七年级1班（3月2日）")
    assert "林林" not in said
    assert "王乐乐" not in said
    assert "您目前没有这个职务" in play.say("卫老师", "零报告") or "使用" in play.say("卫老师", "零报告")
