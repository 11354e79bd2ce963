"""Person words that are no child of this scene: addresses, owners, places of somebody's, other people's children."""

from __future__ import annotations

import re

from bots.reading.agents import is_agent
from bots.reading.clauses import Clause, Token
from bots.reading.company import (
    at_home_of,
    introduces,
    is_owner,
    is_title,
    joined_by_house,
    other_family_name,
    some_of_many,
)
from bots.reading.lexicon import word_set
from bots.reading.names import looks_like_name
from bots.reading.strangers import child_of_others
from bots.reading.who import NOBODY, Look, Who, resolve

_TITLES = word_set("people", "titles")
_WHERE = ("楼下", "楼上", "对门", "隔壁", "班里", "班上", "小区里", "群里")
_WAYS = frozenset(("go", "at", "from", "back"))
_LENT = re.compile(
    r"(?:家)?的?(?:新|旧|那支|那个|那根|老|水银|电子)*的?"
    r"(?:体温计|温度计|体温表|温度表|体温枪|额温枪|耳温枪|水银计|电子计|水银表|电子表|手表|手环|枪|表(?![哥弟姐妹叔姑姨舅]))"
)
_TOLD_TO = (
    "吓",
    "吓坏",
    "吓死",
    "急死",
    "急坏",
    "愁死",
    "累死",
    "气死",
    "担心死",
    "烦死",
    "折腾",
    "把",
    "害",
    "告诉",
    "通知",
    "发给",
    "跟",
    "说给",
    "发信息给",
    "打电话给",
    "转告",
)


#: One letter that is mostly the end or the head of another word: 点儿, 这儿, 热奶.
_TAILS = frozenset(("儿", "奶"))
_MILK = tuple("热牛酸鲜凉温羊吃喝完冲断吐")
_MONTHS = re.compile(
    r"(?:宝宝|娃)?(?:才|刚|还|今年|就|只有)*[\d一二三四五六七八九十两俩半]+个(?:多|半)?月(?!前|没|来)|刚?出生|(?:没|刚|才)满月|没断奶|还吃奶"
)
_SIGNS = re.compile(r"(?:测温|测量|测|量|填报|填表|报告|报送|上报|联系|监护)[人员者]\s*:?\s*$|(?:签名|签字)\s*:?\s*$")
_SIGN_ENDS = "人员者名字: "
_GROWN_UPS = frozenset(("kin", "outsider", "self"))
_NO_PETS = ("如老", "如", "成", "单身", "养", "养了", "养的")
_AMONG = re.compile("们?(?:那边|里|中|里边|里面|有个|那儿)")
_AT = ("在", "放", "来", "到", "住", "搁", "跟", "住在", "放在")
_AT_MY_PLACE = re.compile(r"(?:(?:这|那)(?:儿|里|边|头|屋)?|跟前|身边|眼前|身上|怀里|旁边)")
_OUR_HOUSE = ("我家", "我们家", "咱家", "俺家")
_LENT_BY_A_CHILD = re.compile(r"的(?:那支|新)?(?:表|体温计|体温枪|温度计)(?![\d三]|[是为显])")
_GROWN = re.compile("[^，。,.]{0,8}(?:[念读上]大[一二三四]|[上读念]大学|读研|考研|结婚|出嫁|坐月子|当兵)")
_SO_MANY = re.compile(r"(\d+|[一二两三四五六七八九十百几]+)\s*[个名位]$")
_FEW = ("1", "2", "3", "一", "两", "二", "三", "几")
_ANOTHER = ("另一个", "另外一个", "同名的", "重名的", "别的班的", "隔壁班的", "别班的")


def no_word(clause: Clause, row: list[Token], at: int) -> bool:
    """Whether the one letter only belongs to unknown letters before it: 热乎点儿, 这儿, 热奶."""
    token = row[at]
    left = token.start - clause.start - 1
    if token.text not in _TAILS or left < 0:
        return False
    before = row[at - 1] if at else None
    if before is not None and before.end == token.start:
        return token.text == "儿" and before.number is None and {"self", "contrast", "list"}.isdisjoint(before.roles)
    return clause.text[left] in _MILK if token.text == "奶" else "一" <= clause.text[left] <= "鿿"


def aside(look: Look) -> Who | None:
    """Somebody else the word stands for, `NOBODY` where it tells of no one, None where it may tell of whom it names."""
    return _spoken_to(look) or _a_teacher(look) or _elsewhere(look)


def _spoken_to(look: Look) -> Who | None:
    """Words of the frame, and things that only belong to somebody."""
    token, roles = look.token, look.token.roles
    touching = look.touching
    named_before = touching is not None and touching.keys is not None
    if named_before and token.keys is None and token.text in _TITLES and ("child" in roles or "other" in roles):
        return NOBODY  # 小明同学
    if look.who.kind in _GROWN_UPS:
        said = _of_a_grown_up(look, named_before)
        if said is not None:
            return said
    if "self" in roles:
        return _of_the_writer(look)
    if roles.get("other") == "pet" and look.left.endswith(_NO_PETS):
        return NOBODY  # 稳如老狗, 家里养猫他老毛病了
    if token.text == "学生" and look.people.own is not None and _AMONG.match(look.right):
        return Who("outsider", text=token.text)  # 学生那边有个37.6的
    if (look.explicit or before_is(look, ("用", "拿", "借"))) and _LENT_BY_A_CHILD.match(look.right):
        return NOBODY  # 妹妹抢了哥哥的表，量出36.7
    return None


def _of_a_grown_up(look: Look, named_before: bool) -> Who | None:
    """是我看错了, 老师36.5, 李小明妈妈:36.5, 邻居的体温计, 测温人：妈妈, 没来过湖北的亲戚, 王乐乐是我外甥."""
    token, who, after, left = look.token, look.who, look.after, look.left
    kin = who.kind == "kin"
    if after is not None and after.start == token.end:
        if after.roles.get("correct") == "wrong" and not {"self", "kin"}.isdisjoint(token.roles):
            return NOBODY  # 是我看错了
        if look.at == 0 and after.number and token.text in ("老师", "班主任", "校长"):
            return Who("which", look.people.all_keys, text=token.text)  # 老师36.5: called, or meant?
    if token.text in ("家长", "大人") and who.kind == "outsider":
        return who
    if kin and named_before and look.right.lstrip()[:1] == ":":
        return NOBODY  # 李小明妈妈:36.5
    if _LENT.match(look.clause.text, token.end - look.clause.start):
        return NOBODY  # 邻居的体温计
    if left and left[-1] in _SIGN_ENDS and _SIGNS.search(left):
        return NOBODY  # 测温人：妈妈
    if who.kind == "self" or any(other.number is not None for other in look.row[: look.at]):
        return None
    if before_is(look, ("的",)) and any(other.roles.get("negation") == "no" for other in look.row[: look.at]):
        return NOBODY  # 家里也没来过湖北的亲戚
    if (
        kin
        and look.at >= 2
        and (left.endswith("是") or (left.endswith(("是我", "是俺")) and look.at >= 3))
        and any(other.start in look.found for other in look.row[: look.at])
    ):
        return NOBODY  # 王乐乐是我外甥
    return None


def _of_the_writer(look: Look) -> Who | None:
    """表弟来我家玩, 孩子在我这儿, 奶奶告诉我36.5; and 自己 where it means whoever was spoken of."""
    token, left = look.token, look.left
    if token.text in _OUR_HOUSE and left.endswith(("来", "到", "在", "去", "住", "回", "上")):
        return NOBODY
    if (
        token.text[0] in "我俺咱"
        and left.endswith(_AT)
        and _AT_MY_PLACE.match(token.text.lstrip("我俺咱们") + look.right)
    ):
        return NOBODY  # 表弟在我这儿, 在我们这儿蹭饭
    if (left or _just_before(look)).endswith(_TOLD_TO):
        return NOBODY
    if token.text not in ("自己", "自个儿"):
        return None
    if before_is(look, ("说", "觉得", "让", "是", "怕", "喊", "嚷", "装", "骗", "梦见", "梦到", "梦里")):
        last = max((start for start in look.found if start < token.start), default=-1)
        speaker = next((t for t in reversed(look.row[: look.at]) if "kin" in t.roles or "other" in t.roles), None)
        if speaker is not None and speaker.keys is None and last < speaker.start:
            look.who = resolve(speaker, look.people, look.scene) or look.who
            return look.who  # 他爸说自己38.5
        if last >= 0 and look.found[last].kind in ("kin", "outsider"):
            look.who = look.found[last]
            return look.who  # 二姨在武汉，说自己37.6
        return NOBODY  # 小明说自己肯定比她高
    previous = look.clauses[token.clause - 1] if token.clause and look.at == 0 else None
    if (
        previous is not None
        and previous.sentence == look.clause.sentence
        and any(look.found[t.start].kind == "subjects" for t in previous.tokens if t.start in look.found)
        and not any(t.number is not None and t.number.kind == "temperature" for t in previous.tokens)
    ):
        return NOBODY  # 小红替他难受，自己倒36.2
    return None


def before_is(look: Look, words: tuple[str, ...]) -> bool:
    """Whether one of these stands right before the word."""
    return look.touching is not None and look.touching.text in words


def _just_before(look: Look) -> str:
    """The clause before, where no mark but a new breath parts it from this one: 37度4吓|我一跳第二次36.9."""
    previous = look.clauses[look.token.clause - 1] if look.token.clause else None
    return previous.text if previous is not None and previous.end == look.clause.start else ""


def _a_teacher(look: Look) -> Who | None:
    """幼儿园老师量的, 李老师, 小明的老师; and 王小明, who is not 李小明."""
    token, row, at, before = look.token, look.row, look.at, look.before
    if token.text == "老师" and token.start > (row[at - 1].end if at else look.clause.start):
        return NOBODY if is_agent(row, at, look.after, look.clause) else Who("outsider", text=token.text)
    if (
        token.keys is not None
        and look.after is not None
        and look.after.text == "同学"
        and any(f"{token.text}本人" in clause.text for clause in look.clauses)
    ):
        look.found[look.after.start] = Who("outsider", text=look.after.text)
        return NOBODY  # 乐乐同学37.8没来，乐乐本人36.4
    if token.keys is not None and other_family_name(look.clause, row, at, look.people):
        return Who("unknown", text=token.text)
    if (before is not None and before.text.endswith(("比", "像"))) or look.left.endswith(("比", "像")):
        return NOBODY
    if (
        token.text in ("老师", "班主任", "校长")
        and before is not None
        and before.text == "的"
        and at >= 2
        and (row[at - 2].keys is not None or "child" in row[at - 2].roles)
    ):
        return Who("outsider", text=token.text)
    return None


def _elsewhere(look: Look) -> Who | None:
    """三个宝贝, 她家老二, 好几个孩子, 去楼下, 邻居家的孩子: whose child, how many, or a place."""
    token, row, at, touching, people = look.token, look.row, look.at, look.touching, look.people
    unnamed = token.keys is None
    child = unnamed and "child" in token.roles
    if not unnamed and look.left.endswith(_ANOTHER):
        return Who("outsider", text=token.text)  # 另一个王芳
    if token.roles.get("child") == "nick" and any(
        who.kind == "outsider" and who.text == token.text for who in look.found.values()
    ):
        return Who("outsider", text=token.text)  # 楼下小胖 of whom was told before
    if unnamed and "self" not in token.roles and (_MONTHS.match(look.right) or _GROWN.match(look.right)):
        return Who("kin", role="other", text=token.text)  # 二宝才八个月, 我闺女在杭州念大二
    if token.text == "娃娃" and any("洋娃娃" in c.text or "布娃娃" in c.text for c in look.clauses):
        return Who("outsider", text=token.text)  # 说娃娃发烧39度
    if child and (many := _SO_MANY.search(look.left)) and many[1] not in _FEW:
        return Who("outsider", text=token.text)  # 收了46个孩子的体温
    if child and look.left.endswith("那") and any(w.kind == "outsider" for w in look.found.values()):
        return Who("outsider", text=token.text)  # 邻居小孩…那孩子37.8
    if token.roles.get("self") == "we" and touching is not None and not {"kin", "other"}.isdisjoint(touching.roles):
        return Who("kin", role="other", text=token.text)  # 大舅哥一家
    theirs = unnamed and not {"child", "younger", "elder", "nth"}.isdisjoint(token.roles)
    if theirs and child_of_others(look.clause, row, at):
        look.who = Who("outsider", text=token.text)
        return look.who  # 同事家那个宝宝
    if child and touching is not None and "count" in touching.roles:
        look.who = resolve(touching, people, look.scene) or look.who
        return look.who  # 三个宝贝
    if (
        not unnamed
        and touching is not None
        and touching.text in ("不是", "并不是", "不是说")
        and len(people.children) > 1
        and any(other.keys not in (None, token.keys) for clause in look.clauses for other in clause.tokens)
    ):
        return NOBODY  # 是小红，不是小明，37.2
    if (
        unnamed
        and at >= 2
        and row[at - 1].text == "家"
        and row[at - 1].end == token.start
        and row[at - 2].end == row[at - 1].start
        and "pronoun" in row[at - 2].roles
    ):
        return Who("outsider", text=token.text)  # 她家老二
    if "child" in token.roles and some_of_many(look.left):
        return Who("outsider", text=token.text)  # 好几个孩子, 有个娃
    if token.text in _WHERE and "一" <= look.left[-1:] <= "鿿" and look.touching is None:
        return NOBODY  # 爬五楼上来, 跑楼下买
    if token.text in _WHERE and look.before is not None and not _WAYS.isdisjoint(look.before.roles):
        return NOBODY  # 去楼下, 在班里
    if is_title(token, look.before, row, at) or is_owner(token, look.who, look.after, people):
        return NOBODY
    if (
        child
        and touching is not None
        and any(look.found.get(row[k].start, NOBODY).kind == "outsider" for k in range(max(0, at - 3), at))
        and joined_by_house(row, at)
    ):
        return Who("outsider", text=token.text)
    return None


def at_somebodys(look: Look) -> bool:
    """Whether 奶奶家 is a place, or 邻居家孩子 somebody else, which is noted here."""
    return at_home_of(look.row, look.at, look.who, look.people, look.found)


def introduced(look: Look) -> Who | None:
    """我是小明妈妈: who writes; 我是张浩然妈妈: of a child not known here."""
    row, at, token, start = look.row, look.at, look.token, look.clause.start
    if not introduces(row, at, look.who, look.clause):
        return None
    chunk = look.clause.text[row[at - 1].end - start : token.start - start].strip("的 ") if at else ""
    return Who("unknown", text=chunk) if look.who.kind == "kin" and looks_like_name(chunk) else NOBODY


def whose_child(look: Look) -> bool:
    """邻居孩子, 姑姑儿子: a child of somebody else's, noted at both words."""
    token, after, who = look.token, look.after, look.who
    if not (
        after is not None
        and after.start == token.end
        and "child" in after.roles
        and (who.kind == "outsider" or (who.kind == "kin" and who.role == "other"))
    ):
        return False
    look.found[token.start] = look.found[after.start] = Who("outsider", text=after.text)
    return True
