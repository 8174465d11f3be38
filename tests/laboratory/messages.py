"""Made-up messages in the shapes that analyzers and laboratory systems send."""

from zoneinfo import ZoneInfo

from scoring.laboratory.identifiers import Rules
from scoring.laboratory.reading import Reading, Received, received

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = Rules(zone=SHANGHAI)


def msh(
    *,
    sender: str = "LIS",
    facility: str = "LAB",
    sent_at: str = "20261128091500",
    control_id: str = "1",
    processing: str = "P",
    version: str = "2.3.1",
    answers: str = "|",
    charset: str = "UNICODE UTF-8",
    kind: str = "ORU^R01",
) -> str:
    head = f"MSH|^~\\&|{sender}|{facility}|RBP|WARD|{sent_at}||{kind}|{control_id}"
    return f"{head}|{processing}|{version}|||{answers}||{charset}"


def message(*segments: str, **header: str) -> str:
    return "\r".join((msh(**header), *segments)) + "\r"


def obx(
    code: str = "32207-3^PDW^LN",
    value: str = "12.4",
    unit: str = "fL",
    normal: str = "9.0-17.0",
    *,
    status: str = "F",
    kind: str = "NM",
    sub_id: str = "",
    device: str = "",
) -> str:
    return f"OBX|1|{kind}|{code}|{sub_id}|{value}|{unit}|{normal}|N|||{status}|||||||{device}"


PID = "PID|1||H1042^^^WARD^MR||王^秀兰||19461203|F"
OBR = "OBR|1||S88|CBC^Blood count|||20261127080000"
SERUM = "SPM|1|||SER^Serum^HL70487"
CHLORIDE = obx("2075-0^Chloride^LN", "104.0", "mmol/L", "98-106")
SPINE = obx("38267-1^DXA Lumbar spine^LN", "-2.8", "{T-score}", "")


def oru(*results: str, patient: str = PID, order: str = OBR, **header: str) -> str:
    """One patient, one order."""
    return message(patient, order, *results, **header)


EVN = "EVN|A40|20261128091500"


def merge_text(
    prior: str, surviving: str, control_id: str = "M", kind: str = "ADT^A40", sender: str = "LIS"
) -> str:
    """One hospital number merged into another."""
    patient = PID.replace("H1042", surviving)
    merged = f"MRG|{prior}^^^WARD^MR"
    return message(EVN, patient, merged, kind=kind, control_id=control_id, sender=sender)


def read(text: str, rules: Rules = RULES, codec: str = "utf-8") -> Received:
    return received(text.encode(codec), rules)


def one(text: str, rules: Rules = RULES, codec: str = "utf-8") -> Reading:
    """The one result of a message that is taken."""
    got = read(text, rules, codec)
    assert got.refused is None
    (reading,) = got.readings
    return reading


def refusal(text: str, rules: Rules = RULES, codec: str = "utf-8") -> str:
    """Why a message is refused, "" where it is taken."""
    refused = read(text, rules, codec).refused
    return refused.refusal.value if refused else ""
