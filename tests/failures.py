"""Says, at the end of a run, which tests failed and why: `failures.py FILE.trx ...`; with `--names` only which, a method a line.

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


def method(result: Xml.Element, tests: dict[str, Xml.Element]) -> str:
    of = tests[result.get("testId")].find("t:TestMethod", NAMESPACE)
    return f"{of.get('className')}.{of.get('name').split('(')[0].removeprefix(of.get('className') + '.')}"


names_only, paths = sys.argv[1:2] == ["--names"], [argument for argument in sys.argv[1:] if argument != "--names"]
for path in paths:
    try:
        run = Xml.parse(path)
    except (OSError, Xml.ParseError) as problem:
        print(f"FAILED {path} cannot be read: {problem}")
        continue
    failed = [result for result in run.iterfind(".//t:UnitTestResult", NAMESPACE) if result.get("outcome") not in ("Passed", "NotExecuted")]
    if names_only:
        tests = {test.get("id"): test for test in run.iterfind(".//t:UnitTest", NAMESPACE)}
        print(*sorted({method(result, tests) for result in failed}), sep="\n", end="\n" if failed else "")
        continue
    for result in failed:
        print(f"FAILED {result.get('testName')} ({result.get('outcome')}, began {result.get('startTime')}, took {result.get('duration')})")
        for line in lines(result, "Message", MESSAGE_LINES) + lines(result, "StackTrace", STACK_LINES):
            print(f"    {line}")
