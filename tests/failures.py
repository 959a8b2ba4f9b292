"""Says, at the end of a run, which tests failed and why: `failures.py FILE.trx ...`.

What a runner prints of a failure stands hours of scrolling above the last line; whoever sees only the end of a log
needs the name, the message and the place.
"""
import sys
import xml.etree.ElementTree as Xml

NAMESPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}
MESSAGE_LINES, STACK_LINES = 30, 8


def lines(result: Xml.Element, name: str, at_most: int) -> list[str]:
    text = result.findtext(f".//t:ErrorInfo/t:{name}", default="", namespaces=NAMESPACE)
    return [line[:400] for line in text.strip().splitlines()[:at_most]]


for path in sys.argv[1:]:
    try:
        results = Xml.parse(path).iterfind(".//t:UnitTestResult", NAMESPACE)
    except (OSError, Xml.ParseError) as problem:
        print(f"FAILED {path} cannot be read: {problem}")
        continue
    for result in results:
        if result.get("outcome") in ("Passed", "NotExecuted"):
            continue
        print(f"FAILED {result.get('testName')} ({result.get('outcome')}, began {result.get('startTime')}, took {result.get('duration')})")
        for line in lines(result, "Message", MESSAGE_LINES) + lines(result, "StackTrace", STACK_LINES):
            print(f"    {line}")
