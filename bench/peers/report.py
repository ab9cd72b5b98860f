"""The table and the circumstances of a run."""

import machine

TARGETS = (("wall_s", "wall to that of the tuned script", 0.75), ("cpu_s", "CPU to that of the tuned script", 0.6))


def circumstances(args, postgres):
    return machine.facts() | {
        "PostgreSQL": f"{postgres}; private cluster in /tmp, its defaults (fsync on), unix socket",
        "commit": args.commit,
        "orders": args.orders,
        "latency": f"{args.latency} ms",
        "runs": args.runs,
    }


def targets(medians):
    """Only where both were measured, in the same run."""
    if not {"ordersync", "tuned"} <= medians.keys():
        return []
    found = []
    for name, what, most in TARGETS:
        ratio = medians["ordersync"][name] / medians["tuned"][name]
        found.append({"what": what, "value": round(ratio, 3), "at_most": most, "reached": ratio <= most})
    return found


def rows_text(wrong):
    return "equal the truth" if wrong == 0 else f"{wrong} differ from the truth"


def show(facts, medians, chosen):
    for key, value in facts.items():
        print(f"{key:<12} {value}")
    print(f"\n{'what':<18}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}{'CPU of PostgreSQL s':>21}{'calls':>7}  rows")
    for tool in chosen:
        cost = medians[tool.name]
        print(f"{tool.what:<18}{cost['wall_s']:>8.2f}{cost['cpu_s']:>8.2f}{cost['peak_mib']:>10.1f}"
              f"{cost['postgres_cpu_s']:>21.2f}{cost['calls']:>7.0f}  {rows_text(cost['wrong_orders'])}")
        for target in targets(medians) if tool.name == "ordersync" else []:
            verdict = "reached" if target["reached"] else "MISSED"
            print(f"  {target['what']:<40}{target['value']:.2f} times  at most {target['at_most']:.2f}  {verdict}")
