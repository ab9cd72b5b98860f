#!/usr/bin/env bash
# compose.yaml and the manifests of Kubernetes: what must be in them, and that they match the schemas of Kubernetes. The
# schemas come from PyPI; without them, or without kustomize, what these would show is passed over with a line.
# shellcheck source=tests/package/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
tests=$source_tree/tests/package
kubernetes=$source_tree/packaging/kubernetes
python=/usr/bin/python3
$python -c 'import yaml' 2>/dev/null || skip "there is no python3-yaml here; ./dev deps test installs it"

passed_over() { printf 'passed over: %s\n' "$*"; }

# Kept in the build directory, for the next time.
environment=$build/manifests
schemas_environment() {
  if cmp -s "$tests/requirements.txt" "$environment/requirements.txt"; then return; fi
  rm -rf "$environment"
  $python -m venv "$environment" >"$build/manifests.log" 2>&1 &&
    "$environment/bin/pip" --disable-pip-version-check --quiet install --requirement "$tests/requirements.txt" \
      >>"$build/manifests.log" 2>&1 && cp "$tests/requirements.txt" "$environment"
}

rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
if command -v kustomize >/dev/null; then
  kustomize build "$kubernetes/example" >"$rendered/all.yaml" || fail "kustomize cannot render the example"
elif command -v kubectl >/dev/null; then
  kubectl kustomize "$kubernetes/example" >"$rendered/all.yaml" || fail "kubectl cannot render the example"
else
  passed_over "the rendered example; there is neither kustomize nor kubectl"
  cp "$kubernetes"/base/[!k]*.yaml "$kubernetes"/monitoring/[!k]*.yaml "$rendered"
  rm "$rendered/ordersync.yaml" # no manifest
fi
$python -B "$tests/manifests.py" "$source_tree" "$rendered"/*.yaml || fail "see above"

if schemas_environment; then
  for version in 1.29 1.37; do
    "$environment/bin/kubernetes-validate" --quiet --no-warn --strict -k $version "$rendered"/*.yaml ||
      fail "the manifests do not match the schemas of Kubernetes $version"
  done
else
  rm -rf "$environment"
  passed_over "the schemas of Kubernetes: $(tail -n 1 "$build/manifests.log")"
fi

# What the images are told is what the program accepts.
said=$("$build/ordersync" --config "$kubernetes/example/ordersync.yaml" check --without-secrets 2>&1) || fail "example: $said"
promtool=$(command -v promtool || echo "${XDG_CACHE_HOME:-$HOME/.cache}/ordersync/bin/promtool")
"$promtool" check config --syntax-only "$source_tree/packaging/container/prometheus.yml" >/dev/null || fail "prometheus.yml, see above"
