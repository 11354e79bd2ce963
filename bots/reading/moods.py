"""In which mood a clause stands: told, asked, supposed, heard of, usual."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.lexicon import word_set

# 一发烧就39度: what happens every time, not what happened today
_EVERY_OR_SUPPOSED = frozenset("就再咋怎")
_EVERY_TIME = re.compile(r"一(?:发烧|发热|烧|感冒|咳嗽?|着凉|生病|跑|哭)[^，。]{0,2}就(?!疼|痛|恶心|想吐)")


# 要烧到39我们就去医院: what somebody means to do then
_SUPPOSED = re.compile(
    r"^(?:他|她|孩子|娃)?(?:要|再)(?:烧到|烧|升到|到|超过|涨到)[^，。]{0,9}就|^(?:下次|哪天|谁要|真要|等(?:他|孩子|娃|到))[^，。]{0,8}(?:就|再|咋|怎么)|烧到[^，。了]{0,6}再(?:喂|吃|用|说|讲|看|去|送|议)(?![^，。]?[了的过])"
)


def moods(clauses: list[Clause]) -> None:
    """Note the mood of every clause. A supposition holds for its sentence, until a fact is told."""
    hypothetical_in = -1
    hearsay_in = -1
    for at, clause in enumerate(clauses):
        kinds = clause.kinds
        if "hypothetical" in kinds and not _EVEN_IF.search(clause.text):
            hypothetical_in = clause.sentence
        elif (hypothetical_in == clause.sentence and _FILLS_IN.match(clause.text.lstrip())) or (
            hypothetical_in == clause.sentence
            and (
                any(token.roles.get("day") == "0" for token in clause.tokens[:3])
                or _tells_of_an_hour(clause)
                or (clause.text.lstrip().startswith(_IN_FACT) and "temperature" in kinds)
            )
        ):
            hypothetical_in = -1
        if "hypothetical" in kinds and at and clauses[at - 1].stop[:1] == "(":
            clauses[at - 1].hypothetical = True  # 36.5（示例）
        clause.hypothetical = hypothetical_in == clause.sentence or (
            not _EVERY_OR_SUPPOSED.isdisjoint(clause.text)
            and (_EVERY_TIME.search(clause.text) is not None or _SUPPOSED.search(clause.text) is not None)
        )
        if clause.hypothetical and clause.text.rstrip().endswith(_WISHED):
            hypothetical_in = -1  # 要是能去重庆就好了 36.4
        if "hearsay" in kinds and not ("视频里" in clause.text and ("量" in clause.text or "测" in clause.text)):
            hearsay_in = clause.sentence
        elif hearsay_in == clause.sentence and (
            ("child" in kinds and not clause.text.lstrip().startswith(_THAT_CHILD))
            or "day" in kinds
            or "self" in kinds
            or any(t.keys for t in clause.tokens)
            or ("pronoun" in kinds and clause.tokens[0].has("pronoun"))  # 书上写37.3以上是发热，他36.9
            or (clause.text.startswith("那") and len(clause.tokens) > 1 and clause.tokens[1].number is not None)
        ):
            hearsay_in = -1
        clause.hearsay = hearsay_in == clause.sentence
        clause.usual = "usual" in kinds
        if "question" in kinds or clause.text.endswith("不") or "?" in clause.stop or "？" in clause.stop:
            _question(clause)


def _tells_of_an_hour(clause: Clause) -> bool:
    """如果下午超过37.5我再联系您，上午是36.7: an hour of its own and a value, and no consequence."""
    row = clause.tokens
    return (
        len(row) > 1
        and "moment" in row[0].roles
        and row[0].start == clause.start
        and any(token.number is not None and token.number.kind == "temperature" for token in row[1:3])
        and not any(mark in clause.text for mark in "就再才要会")
    )


_IN_FACT = ("所以", "不过", "但", "可是", "结果", "后来")  # 假设写个36.5你们也看不出，所以我认真量了：36.9
_EVEN_IF = re.compile(r"\d(?:度|℃)?就算")  # 37.3就算发热，我家36.8
_FILLS_IN = re.compile("我(?:就|也)?(?:照着|照|按着|按)[^，。]{0,3}[填写报]")  # 例子是36.5，我照着填我家的
_THAT_CHILD = ("那孩子", "那个孩子", "那娃", "那家")  # 刷到个视频，那孩子40度
_WISHED = ("就好了", "多好", "就好", "就好啦", "多好啊")
_INDEFINITE = word_set("clauses", "indefinite")


def _asks(clause: Clause, token: Token) -> bool:
    """Whether 什么, 哪, 啥 ask: not in 没什么, 哪都没, 啥都好."""
    if "?" in clause.stop or "？" in clause.stop:
        return True
    if any("negation" in other.roles or "negated" in other.roles for other in clause.tokens):
        return False
    following = clause.text[token.end - clause.start : token.end - clause.start + 3]
    return not any(mark in following for mark in "都也")


_SOFT = ("", "呀", "啊", "呢", "哦", "哈", "嘞", "哩", " ")  # 算正常不呀, but 站不稳


def _question(clause: Clause) -> None:
    last = clause.tokens[-1] if clause.tokens else None
    end = clause.end
    if last is not None and last.text in ("老师", "老师您", "班主任") and len(clause.tokens) > 1:
        end, last = last.start, clause.tokens[-2]  # 对吗老师
    ends_asking = bool(
        last
        and last.roles.get("question") == "yesno"
        and last.end >= end - 1
        and (last.text != "不" or clause.text[last.end - clause.start :] in _SOFT)
    )
    for token in clause.tokens:
        value = token.roles.get("question")
        if value == "advice":
            clause.advice = clause.asked = True
        elif value == "wh":
            if token.text in _INDEFINITE and clause.text[
                token.start - clause.start - 1 : token.start - clause.start
            ] in tuple("了过好这前住"):
                continue  # 玩了几天
            clause.wh = True
            clause.asked = clause.asked or token.text not in _INDEFINITE or _asks(clause, token)
        elif value == "yesno" and len(token.text) >= 3:
            clause.asked = True
    if (
        "?" in clause.stop
        or "？" in clause.stop
        or (ends_asking and last is not None and last.text != "吧" and last.text != "不")
    ):
        clause.asked = True
    if (
        last is not None
        and last.text == "不"
        and len(clause.tokens) > 1
        and clause.text[last.end - clause.start :] in _SOFT
    ):
        clause.asked = True  # 算正常不
    if ends_asking and last is not None and last.text in ("吧", "不") and clause.stop[:1] in ("?", "？"):
        clause.asked = True
