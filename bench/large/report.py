"""The lines of the table, which the JSON has, too."""

import machine


class Table:
    """A line that begins with two spaces belongs to the last one that does not; its name in the JSON has both."""

    def __init__(self):
        self.lines = []
        self.shown = []  # of each line what the table says
        self.subject = ""
        self.wrong = []  # what must not be in a run that ended well

    def add(self, what, value, unit, at_most=None):
        if what.startswith("  "):
            name = f"{self.subject}: {what.strip()}"
        else:
            name = self.subject = what
        line = {"what": name, "value": round(value, 3), "unit": unit}
        if at_most is not None:
            line |= {"at_most": at_most, "reached": value <= at_most}
        self.lines.append(line)
        self.shown.append(what)

    def fail(self, what):
        self.wrong.append(what)

    def show(self):
        for what, line in zip(self.shown, self.lines):
            bound = f"at most {line['at_most']:g}" if "at_most" in line else ""
            verdict = "" if not bound else "reached" if line["reached"] else "MISSED"
            print(f"{what:<66}{text_of(line['value']):>12} {line['unit']:<12} {bound:<14} {verdict}".rstrip())
        for wrong in self.wrong:
            print(f"WRONG: {wrong}")


def text_of(value):
    return f"{value:.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def circumstances(args, mirror):
    settings = ", ".join(f"{name} {value}" for name, value in mirror.cluster.settings.items())
    return machine.facts() | {
        "PostgreSQL": f"{mirror.cluster.version()}; private cluster, unix socket, fsync on, {settings}",
        "commit": args.commit,
        "orders": mirror.facts["orders"],
        "created": f"from {mirror.facts['begin']} to {mirror.facts['end']}",
        "parts": args.only,
    }


def show_facts(facts):
    for key, value in facts.items():
        print(f"{key:<12} {value}")
    print()
