"""What must be in compose.yaml and in the manifests of Kubernetes: manifests.py TREE MANIFEST..."""

import pathlib
import re
import sys

import yaml

problems = []


def expect(holds, what):
    if not holds:
        problems.append(what)


def read_all(paths):
    by_kind = {}
    for path in paths:
        for document in yaml.safe_load_all(pathlib.Path(path).read_text()):
            by_kind.setdefault(document["kind"], []).append(document)
    return by_kind


def only(by_kind, kind):
    found = by_kind.get(kind, [])
    expect(len(found) == 1, f"there is not one {kind} but {len(found)}")
    return found[0]


def check_container(container):
    security = container["securityContext"]
    expect(security["readOnlyRootFilesystem"] is True, "the root file system can be written")
    expect(security["allowPrivilegeEscalation"] is False, "privileges can be gained")
    expect(security["capabilities"] == {"drop": ["ALL"]}, "capabilities are left")
    expect(container["livenessProbe"]["httpGet"]["path"] == "/healthz", "the liveness probe is not /healthz")
    expect(container["readinessProbe"]["httpGet"]["path"] == "/readyz", "the readiness probe is not /readyz")
    for probe in ("livenessProbe", "readinessProbe"):
        expect(container[probe]["httpGet"]["port"] in [port["name"] for port in container["ports"]],
               f"the {probe} asks a port that the container has not")
    expect(not container.get("env"), "a variable may hold a secret; they stand in files")
    expect(all(mount["readOnly"] for mount in container["volumeMounts"]), "a mount can be written")
    expect("memory" in container["resources"]["limits"], "there is no limit of memory")


def check_pod(pod):
    security = pod["securityContext"]
    expect(security["runAsNonRoot"] is True and security["runAsUser"] == 65532, "it may run as root")
    expect(security["seccompProfile"] == {"type": "RuntimeDefault"}, "system calls are not filtered")
    expect(pod["terminationGracePeriodSeconds"] >= 10, "it is killed before it has stopped")
    expect(pod["enableServiceLinks"] is False, "Kubernetes sets ORDERSYNC_ variables, which ordersync refuses")
    expect(pod["automountServiceAccountToken"] is False, "the pod gets a token of the cluster")
    expect(len(pod["topologySpreadConstraints"]) == 2, "the daemons are not spread")
    expect(len(pod["containers"]) == 1, "there is not one container")
    for volume in pod["volumes"]:
        expect(set(volume) & {"secret", "configMap"}, f"the volume {volume['name']} is neither secret nor configuration")
    check_container(pod["containers"][0])


def check_network(policy, labels, port):
    spec = policy["spec"]
    expect(spec["podSelector"]["matchLabels"].items() <= labels.items(), "the network policy selects no pod")
    expect(sorted(spec["policyTypes"]) == ["Egress", "Ingress"], "the network policy leaves a direction open")
    leaving = {(p["protocol"], p["port"]) for rule in spec["egress"] for p in rule["ports"]}
    expect(leaving == {("UDP", 53), ("TCP", 53), ("TCP", 5432), ("TCP", 443)}, f"it may reach {sorted(leaving)}")
    expect([p["port"] for rule in spec["ingress"] for p in rule["ports"]] == [port], "its port cannot be reached")


def check_kubernetes(by_kind):
    expect("Secret" not in by_kind, "a secret stands in the manifests")
    deployment = only(by_kind, "Deployment")["spec"]
    pod = deployment["template"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    expect(deployment["replicas"] == 2, "there is no standby")
    expect(deployment["selector"]["matchLabels"].items() <= labels.items(), "the deployment does not select its pods")
    check_pod(pod)
    container = pod["containers"][0]
    port = container["ports"][0]["containerPort"]
    service = only(by_kind, "Service")
    expect(service["spec"]["selector"].items() <= labels.items(), "the service selects no pod")
    expect(service["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"], "the service has another port")
    expect(service["spec"]["publishNotReadyAddresses"] is True, "nobody can see why a daemon is not ready")
    budget = only(by_kind, "PodDisruptionBudget")["spec"]
    expect(budget["selector"]["matchLabels"].items() <= labels.items(), "the disruption budget selects no pod")
    expect(budget["maxUnavailable"] == 1, "both daemons may be evicted at once")
    account = only(by_kind, "ServiceAccount")
    expect(account["metadata"]["name"] == pod["serviceAccountName"], "the pod's service account is another")
    check_network(only(by_kind, "NetworkPolicy"), labels, port)
    monitor = only(by_kind, "ServiceMonitor")["spec"]
    expect(set(monitor) == {"jobLabel", "selector", "endpoints"}, f"the monitor has {sorted(monitor)}")
    expect(monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items(), "the monitor selects no service")
    expect(service["metadata"]["labels"][monitor["jobLabel"]] == "ordersync", "the alerts know another job")
    for endpoint in monitor["endpoints"]:
        expect(set(endpoint) == {"port", "path", "interval"}, f"an endpoint has {sorted(endpoint)}")
        expect(endpoint["port"] in [p["name"] for p in service["spec"]["ports"]], "the monitor asks another port")
    for found in by_kind.get("ConfigMap", []):
        expect("secret:" not in str(found["data"]), "a secret stands in the configuration")


def named_versions(tree):
    texts = [path.read_text() for path in (tree / "packaging").glob("*/**/*.yaml")]
    return {version for text in texts for version in re.findall(r"(?:ordersync|pandapon-sim|newTag): ?-?([0-9]+\.[0-9.]+)", text)}


def check_compose(compose):
    services = compose["services"]
    for name, service in services.items():
        expect(service.get("read_only") is True, f"{name} can write to its root file system")
        expect(service.get("cap_drop") == ["ALL"], f"{name} has capabilities")
        expect("no-new-privileges:true" in service.get("security_opt", []), f"{name} can gain privileges")
        expect(all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), f"{name} is open to the world")
        expect(set(service.get("secrets", [])) <= set(compose["secrets"]), f"{name} has secrets that nobody makes")
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", key):
                expect(key.endswith("FILE") and value.startswith("/run/secrets/"), f"{key} of {name} is no file")
    profiles = {name: service.get("profiles") for name, service in services.items()}
    expect(profiles == {"database": None, "ordersync": None, "certificate": ["demo"], "simulator": ["demo"],
                        "prometheus": ["observe"], "grafana": ["observe"]}, f"the services are {profiles}")
    expect(services["ordersync"]["depends_on"]["database"]["condition"] == "service_healthy", "it does not wait for the database")


def check_files(tree, compose):
    here = tree / "packaging/container"
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            known = (here / source).exists() if source.startswith(".") else source in compose["volumes"]
            expect(known, f"there is no {source}")


def main():
    tree = pathlib.Path(sys.argv[1])
    version = re.search(r"project\(\s*ordersync VERSION (\S+)", (tree / "CMakeLists.txt").read_text())[1]
    compose = yaml.safe_load((tree / "packaging/container/compose.yaml").read_text())
    expect(named_versions(tree) == {version}, f"images of {named_versions(tree)} are named, the program is {version}")
    check_compose(compose)
    check_kubernetes(read_all(sys.argv[2:]))
    check_files(tree, compose)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
