// The wire in words: what a push or call is about, and what a refusal means.

const PUSHES = {
  text: "文字", image: "图片", voice: "语音", video: "视频", shortvideo: "小视频", location: "位置", link: "链接",
  subscribe: "关注", unsubscribe: "取消关注", SCAN: "扫码", CLICK: "点菜单", VIEW: "点菜单打开网页", LOCATION: "上报位置",
  TEMPLATESENDJOBFINISH: "模板消息送达结果", MASSSENDJOBFINISH: "群发结果", subscribe_msg_popup_event: "订阅弹窗",
  subscribe_msg_change_event: "订阅变更", subscribe_msg_sent_event: "订阅通知送达结果", MarkFail: "停止推送",
};

const CALLS = {
  "/cgi-bin/token": "取令牌", "/cgi-bin/stable_token": "取稳定令牌", "/cgi-bin/message/custom/send": "发客服消息",
  "/cgi-bin/message/custom/typing": "显示正在输入", "/cgi-bin/message/template/send": "发模板消息",
  "/cgi-bin/template/get_all_private_template": "查模板列表", "/cgi-bin/message/subscribe/bizsend": "发订阅通知",
  "/cgi-bin/media/upload": "上传临时素材", "/cgi-bin/media/get": "下载素材", "/cgi-bin/material/add_material": "上传永久素材",
  "/cgi-bin/qrcode/create": "生成二维码", "/cgi-bin/showqrcode": "取二维码图片", "/cgi-bin/menu/create": "设置菜单",
  "/cgi-bin/menu/get": "查菜单", "/cgi-bin/menu/delete": "删除菜单", "/cgi-bin/get_current_selfmenu_info": "查当前菜单",
  "/cgi-bin/user/info": "查用户", "/cgi-bin/user/get": "查关注者", "/cgi-bin/message/mass/sendall": "群发",
  "/cgi-bin/message/mass/send": "群发", "/cgi-bin/clear_quota": "清零调用次数", "/cgi-bin/openapi/quota/get": "查调用次数",
};

const CODES = {
  "-1": "系统繁忙，请稍候再试", 40001: "令牌失效，或不是最新的一个", 40003: "这个 openid 不是本号的用户", 40007: "素材不存在或已过期",
  40014: "令牌不合法", 40033: "内容里有 \\uXXXX 转义", 40037: "模板不属于本号", 40125: "AppSecret 不对", 40164: "调用地址不在白名单",
  41001: "缺少令牌", 42001: "令牌已过期", 43004: "用户没有关注", 43101: "用户没有订阅，或次数已用完", 43117: "发给这位用户太频繁",
  44002: "请求没有内容", 45002: "内容太长", 45008: "图文超过一条", 45009: "今天的调用次数用完了", 45011: "这一分钟调用太多",
  45015: "超过 48 小时没有互动，或已取消关注", 45047: "这个时段能发的条数用完了", 46003: "还没有菜单", 47001: "请求不是合格的 JSON",
  47003: "字段为空或不合格", 48001: "本号没有这个接口的权限", 48002: "用户关闭了接收消息", 40249: "模板被封",
};

const ILLEGAL = [
  ["not well-formed XML", "不是合格的 XML"], ["the root is", "最外层不是 <xml>"], ["the XML has a document type", "带有 DTD 或注释"],
  ["safe mode, but", "安全模式下没有加密"], ["plain mode, but", "明文模式下却加了密"], ["MsgSignature", "签名不对"],
  ["the reply cannot be decrypted", "解不开密文"], ["ToUserName", "收件人不是刚才说话的用户"], ["FromUserName", "发件人不是本号"],
  ["CreateTime", "时间不是整数"], ["unknown MsgType", "不认识的消息类型"], ["Content is longer", "文字太长"], ["Content", "没有文字"],
  ["ArticleCount", "图文条数不对"], ["an article needs", "图文缺少标题或链接"], ["status ", "HTTP 状态不是 200"],
];

function illegal(reason) {
  if (reason.includes("must be answered with success")) return "这种事件不能回复消息";
  if (reason.includes("not a living medium")) return "素材不存在或已过期";
  return ILLEGAL.find(([start]) => reason.startsWith(start))?.[1] ?? reason;
}

export function title(entry) {
  if (entry.what === "call") return CALLS[entry.path] ?? entry.path.replace("/cgi-bin/", "");
  const [first, ...rest] = entry.summary.split(" ");
  if (first === "opened") return `打开网页 ${rest.join(" ")}`;
  return PUSHES[first] ? [PUSHES[first], ...rest].join("　") : entry.summary;
}

export function explain(entry) {
  if (entry.what === "call") return CODES[entry.errcode] ?? entry.reason.replace(/ rid: .*/, "");
  if (entry.outcome === "timeout") return "五秒内没有回答";
  if (entry.outcome === "unreachable") return "连接不上后台";
  if (entry.outcome === "illegal") return `微信不接受后台的回答：${illegal(entry.reason)}`;
  if (entry.reason.startsWith("MarkFail") || entry.reason.startsWith("pushes stop")) return "连续失败，微信停止推送一分钟";
  if (entry.reason.startsWith("cut without an error")) return `字段超过 20 字被悄悄截断：${entry.reason.split(": ")[1]}`;
  return entry.reason;
}
