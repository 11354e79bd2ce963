"""The columns of every kind, as the contract's section 7 lists them, and their Chinese headings."""

from __future__ import annotations

from collections.abc import Mapping

_REPORT = (
    "date,slot,school,grade,class,expected,due,reported,unreported,present,absent,sick_absence,personal_leave,"
    "isolation_absence,unexplained_absence,fever,symptomatic,new_abnormal,suspected,confirmed,close_contact,"
    "home_isolation,central_isolation,not_returned,in_key_region,key_persons,staff_due,staff_reported,staff_fever,"
    "is_zero,zero_kind,status,confirmed_by,confirmed_at,on_time,version"
)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(names.split(","))
    for kind, names in {
        "checkins": "date,slot,school,grade,class,kind,number,name,state,result,temperature_c,readings,symptoms,"
        "household_symptoms,left_area,place,reported_by,reported_at,revision,raw",
        "class-reports": _REPORT,
        "grade-reports": _REPORT,
        "school-reports": _REPORT,
        "incidents": "id,opened_at,person,school,grade,class,reason,stage,updated_at,closed_at",
        "key-persons": "person,school,grade,class,reason,place,since,until,last_contact,status",
        "alerts": "raised_at,code,level,person,school,grade,class,facts,told,acknowledged_by,acknowledged_at,outcome",
        "absences": "date,person,number,school,grade,class,kind,reason,symptoms,onset,explained_by,followed_up_at,"
        "returned_on",
        "receipts": "campaign,kind,person,role,school,grade,class,delivered_at,opened_at,watched_seconds,confirmed_at",
        "deliveries": "created_at,kind,person,channel,status,attempts,sent_at,error",
        "audit": "at,actor,action,object,detail",
    }.items()
}

#: Domain handbook 6.1 where it names a heading.
HEADINGS: Mapping[str, str] = {
    "absent": "缺勤",
    "acknowledged_at": "确认收到时间",
    "acknowledged_by": "确认收到人",
    "action": "操作",
    "actor": "操作人",
    "at": "时间",
    "attempts": "尝试次数",
    "campaign": "推送",
    "central_isolation": "集中隔离",
    "channel": "渠道",
    "class": "班级",
    "close_contact": "密接",
    "closed_at": "结案时间",
    "code": "代码",
    "confirmed": "确诊",
    "confirmed_at": "确认时间",
    "confirmed_by": "确认人",
    "created_at": "生成时间",
    "date": "日期",
    "delivered_at": "送达时间",
    "detail": "说明",
    "due": "应报",
    "error": "未送达原因",
    "expected": "应到",
    "explained_by": "登记人",
    "facts": "事实",
    "fever": "发热",
    "followed_up_at": "追访时间",
    "grade": "年级",
    "home_isolation": "居家隔离",
    "household_symptoms": "家人症状",
    "id": "编号",
    "in_key_region": "在重点地区",
    "is_zero": "是否零报告",
    "isolation_absence": "因隔离",
    "key_persons": "重点人员",
    "kind": "类别",
    "last_contact": "最近联系",
    "left_area": "离开本地",
    "level": "级别",
    "name": "姓名",
    "new_abnormal": "今日新增异常",
    "not_returned": "未返校",
    "number": "编号",
    "object": "对象",
    "on_time": "是否按时",
    "onset": "发病日期",
    "opened_at": "开始时间",
    "outcome": "处理结果",
    "person": "姓名",
    "personal_leave": "事假",
    "place": "地点",
    "present": "实到",
    "raised_at": "发现时间",
    "raw": "原文",
    "readings": "各次体温",
    "reason": "原因",
    "reported": "已报",
    "reported_at": "上报时间",
    "reported_by": "上报人",
    "result": "结果",
    "returned_on": "返校日期",
    "revision": "修订",
    "role": "身份",
    "school": "学校",
    "sent_at": "发送时间",
    "sick_absence": "因病",
    "since": "起",
    "slot": "时段",
    "staff_due": "教职工应报",
    "staff_fever": "教职工发热",
    "staff_reported": "教职工已报",
    "stage": "阶段",
    "state": "状态",
    "status": "状态",
    "suspected": "疑似",
    "symptomatic": "有症状",
    "symptoms": "症状",
    "temperature_c": "体温（℃）",
    "told": "已告知",
    "unexplained_absence": "原因不明",
    "unreported": "未报",
    "until": "止",
    "updated_at": "更新时间",
    "version": "版本",
    "watched_seconds": "观看秒数",
    "zero_kind": "零报告类型",
}
