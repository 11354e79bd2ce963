"""The line between a family and its teacher (contract 8, 10: 联系老师)."""

from __future__ import annotations

from collections.abc import Sequence

CLOSE = frozenset({"结束", "结束对话", "说完了"})
NO_CHILD = "您没有绑定孩子，我不知道该找哪位老师。请先发送“绑定”加绑定码，或直接打电话给班主任。"
CLOSED = "好的，这次留言结束了。还想联系老师，随时回复“联系老师”。"
CANCEL = frozenset({"取消", "不转了", "算了"})
NOT_PASSED_ON = "好的，没有转。家长的留言还开着，要回复请再发送“回复”。"
NOTHING_OPEN = "现在没有进行中的留言。"
TEXT_ONLY = "给老师的留言只能转文字，请打字写给老师；写完了请回复“结束”。"
TEXT_ONLY_TEACHER = "给家长的话只能转文字，请打字。"
NOT_A_TEACHER = "“回复”是班主任回家长留言用的。家长要找老师，请回复“联系老师”。"
NOBODY_WROTE = "您班里最近一天没有等您回复的家长留言。"
ANSWER_GONE = "这位家长的留言已经结束或已解绑，没有转出。如有需要请直接打电话联系家长。"


def whose(name: str, rank: int, alone: bool) -> str:
    """ "林林家长", or "林林家长2" where two of one child's guardians have written."""
    return f"{name}家长" if alone else f"{name}家长{rank}"


def which_child(names: Sequence[str]) -> str:
    listed = "\n".join(f"{number}. {name}" for number, name in enumerate(names, start=1))
    return f"您想联系哪个孩子的班主任？请回复数字或姓名：\n{listed}"


def unreachable(name: str) -> str:
    return f"{name}的班主任还没有开通平安报，留言转不到。请直接打电话给班主任或学校；孩子情况危急请拨打120。"


def own_class(name: str) -> str:
    return f"您自己就是{name}的班主任，不用留言。学校的事请直接联系年级主任或教务处。"


def write(name: str) -> str:
    return f"请写下要对{name}班主任说的话，我只转给老师，别的家长看不到。写完了请回复“结束”。"


def passed_on(name: str) -> str:
    return f"已转给{name}的班主任，老师回复后我马上告诉您。可以接着写，写完了请回复“结束”；急事请直接打电话。"


def cut(longest: int) -> str:
    return f"留言较长，只转了前{longest}个字，其余请再发一条。"


def to_teacher(name: str, place: str, text: str, who: str) -> str:
    return f"{place}{name}的家长留言：\n{text}\n回复家长请发送：回复 {who} 您的话"


def to_parent(teacher: str, name: str, text: str) -> str:
    return f"{teacher}老师回复您（关于{name}）：\n{text}\n还想说，请发送：联系老师 您的话"


def which_parent(lines: Sequence[str], has_words: bool) -> str:
    listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    what = "这句话转给哪一位" if has_words else "您要回复哪一位"
    return f"有几位家长给您留言，{what}？请回复数字：\n{listed}"


def no_such_line(who: str, lines: Sequence[str], has_words: bool) -> str:
    listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    what = "如果这句话是给下面这位的" if has_words else "如果要回复下面这位"
    return f"没有转出：{who}最近没有给您留言，请直接打电话联系。{what}，请回复数字，不是请回复“取消”：\n{listed}"


def several_open(who: Sequence[str]) -> str:
    return (
        f"有{len(who)}位家长的留言还开着：{'、'.join(who)}。不用逐个结束，一天没有新留言会自动结束。"
        f"要回复请发送：回复 {who[0]} 您的话"
    )


def answer_now(who: str) -> str:
    return f"请写下要转给{who}的话，您的下一条消息会转给这位家长。不转请回复“取消”。"


def answered(who: str) -> str:
    return f"已转给{who}。要结束这次留言请回复“结束”。"
