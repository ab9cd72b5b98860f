#include "config/sources.hpp"

#include "config/file.hpp"
#include "config/keys.hpp"
#include "config/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace ordersync::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "ORDERSYNC_";
constexpr std::string_view separator = "__";

void add_file(const fs::path& path, std::vector<source>& into, std::vector<problem>& problems) {
  const file_content content = read_file(path, largest_document, allowed::anything);
  std::error_code ignored;
  const char* const hint = !content.bytes && fs::is_fifo(path, ignored) ? "; --config - reads standard input" : "";
  if (!content.bytes) return problems.push_back({path.string(), {}, content.complaint + hint});
  into.push_back({{path.string(), path.parent_path()}, {content.bytes->data(), content.bytes->size()}});
}

// By name. Settings that cannot be read are a problem, not none.
std::vector<fs::path> files_beside(const fs::path& main, std::vector<problem>& problems) {
  std::vector<fs::path> found;
  const auto directory = main.parent_path() / "conf.d";
  std::error_code failed;
  if (fs::symlink_status(directory, failed).type() == fs::file_type::not_found) return found;
  failed.clear();
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end; at.increment(failed)) {
    const auto name = at->path().filename().string();
    if (name.starts_with('.')) continue;
    if (name.ends_with(".yaml")) found.push_back(at->path());
    if (name.ends_with(".yml"))
      problems.push_back({at->path().string(), {}, "is not read, because its name does not end in .yaml; rename it"});
  }
  if (failed) problems.push_back({directory.string(), {}, "cannot be read: " + failed.message()});
  std::ranges::sort(found);
  return found;
}

void add_input(const source_request& what, std::vector<source>& into, std::vector<problem>& problems) {
  const std::string name{standard_input_name};
  if (what.standard_input) return into.push_back({{name, {}}, *what.standard_input});
  file_content content = read_standard_input(largest_document);
  if (!content.bytes) return problems.push_back({name, {}, content.complaint});
  into.push_back({{name, {}}, {content.bytes->data(), content.bytes->size()}});
}

// What Kubernetes and Docker set for a service that is called ordersync: ORDERSYNC_SERVICE_HOST, ORDERSYNC_PORT,
// ORDERSYNC_PORT_9188_TCP_ADDR and the like.
bool is_service_link(std::string_view name) {
  name.remove_prefix(prefix.size());
  if (name == "SERVICE_HOST" || name == "SERVICE_PORT" || name.starts_with("SERVICE_PORT_")) return true;
  if (name == "PORT" || name == "NAME") return true;
  return name.starts_with("PORT_") && name.size() > 5 && std::isdigit(static_cast<unsigned char>(name[5])) != 0;
}

bool can_be_variable(const key& k) {
  return k.path.find("[]") == std::string_view::npos;
}

const key* key_of(std::string_view variable) {
  const auto found =
      std::ranges::find_if(keys(), [&](const key& k) { return can_be_variable(k) && variable_of(k.path) == variable; });
  return found == keys().end() ? nullptr : &*found;
}

std::string nearest_variable(std::string_view name) {
  std::vector<std::string> names;
  for (const key& k : keys())
    if (can_be_variable(k) && k.type != kind::inline_secret) names.push_back(variable_of(k.path));
  return std::string(nearest(name, {names.begin(), names.end()}));
}

std::string variable_name(std::string_view name) {
  return fmt::format("environment variable {}", name);
}

void add_variable(std::string_view entry, std::vector<source>& into, std::vector<problem>& problems) {
  const auto equals = entry.find('=');
  const auto name = entry.substr(0, equals);
  if (equals == std::string_view::npos || !name.starts_with(prefix) || is_service_link(name)) return;
  const auto complain = [&](std::string text) {
    problems.push_back(
        {first_not_text(name) == std::string_view::npos ? variable_name(name) : "environment", {}, std::move(text)});
  };
  const key* k = key_of(name);
  if (k == nullptr)
    return complain(
        fmt::format("unknown; did you mean {}? `ordersync config-reference` lists all keys; a variable is {} "
                    "and the key in capitals with {} for each dot",
                    nearest_variable(name), prefix, separator));
  if (k->type == kind::inline_secret)
    return complain(
        fmt::format("secrets are not allowed in the environment; put it into a file and name the file in {}",
                    variable_of(fmt::format("{}.{}", k->parent(), k->help))));
  const auto text = entry.substr(equals + 1);
  if (!text.empty()) into.push_back({{variable_name(name), {}}, std::string(text), std::string(k->path)});
}

void set_source(node& n, int number) {
  n.at.source = number;
  for (node& item : n.items) set_source(item, number);
  for (member& m : n.members) {
    m.at.source = number;
    set_source(m.value, number);
  }
}

bool is_yaml(const key& k) {
  return k.type == kind::section || k.type == kind::objects || k.type == kind::tokens || k.type == kind::choices;
}

// {sync: {live: {every: value}}} for "sync.live.every".
node below_its_sections(std::string_view path, node value) {
  const auto dot = path.rfind('.');
  node section;
  section.kind = node::shape::mapping;
  section.members.push_back({std::string(path.substr(dot + 1)), {}, std::move(value)});
  return dot == std::string_view::npos ? section : below_its_sections(path.substr(0, dot), std::move(section));
}

std::optional<node> variable_tree(const source& one, std::vector<problem>& problems) {
  const auto k = std::ranges::find(keys(), std::string_view{one.key}, &key::path);
  if (is_yaml(*k)) {
    document parsed = parse_document(one.text, one.from.name);
    std::ranges::move(parsed.problems, std::back_inserter(problems));
    if (parsed.broken) return std::nullopt;
    return below_its_sections(one.key, std::move(parsed.root));
  }
  if (first_not_text(one.text) != std::string::npos) {
    problems.push_back({one.from.name, {}, "not valid text; use UTF-8 without control characters"});
    return std::nullopt;
  }
  node value;
  value.kind = node::shape::scalar;
  value.text = one.text;
  return below_its_sections(one.key, std::move(value));
}

std::optional<node> document_tree(const source& one, std::vector<problem>& problems) {
  document parsed = parse_document(one.text, one.from.name);
  const bool empty = parsed.root.kind == node::shape::null && parsed.problems.empty();
  std::ranges::move(parsed.problems, std::back_inserter(problems));
  if (parsed.broken) return std::nullopt;
  if (!empty) return std::move(parsed.root);
  node nothing;
  nothing.kind = node::shape::mapping;
  return nothing;
}

}  // namespace

checked<std::vector<source>> gather(const source_request& what) {
  std::vector<source> found;
  std::vector<problem> problems;
  std::vector<source> variables;
  std::vector<problem> of_variables;
  for (const auto& entry : what.environment) add_variable(entry, variables, of_variables);
  if (what.strict) problems.swap(of_variables);
  // A section before its keys.
  std::ranges::sort(variables, {}, [](const source& one) { return std::pair{one.key.size(), one.key}; });
  for (std::size_t i = 0; i < what.files.size(); ++i) {
    const auto& file = what.files[i];
    if (file == "-") {
      add_input(what, found, problems);
      continue;
    }
    std::error_code ignored;
    if (i == 0 && what.optional && !variables.empty() && !fs::exists(file, ignored)) continue;
    add_file(file, found, problems);
    if (i != 0) continue;
    for (const auto& beside : files_beside(file, problems)) add_file(beside, found, problems);
  }
  std::ranges::move(variables, std::back_inserter(found));
  if (problems.empty()) return found;
  std::ranges::move(of_variables, std::back_inserter(problems));
  return problems;
}

std::string variable_of(std::string_view key) {
  std::string name(prefix);
  for (const char c : key.substr(0, key.find("[]"))) {
    if (c == '.')
      name += separator;
    else
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

std::optional<node> tree_of(const source& one, int number, std::vector<problem>& problems) {
  const auto before = problems.size();
  auto tree = one.key.empty() ? document_tree(one, problems) : variable_tree(one, problems);
  if (tree) set_source(*tree, number);
  for (auto i = before; i < problems.size(); ++i) problems[i].at.source = number;
  return tree;
}

void merge(node& into, node later) {
  if (later.kind == node::shape::null) return;
  if (into.kind != node::shape::mapping || later.kind != node::shape::mapping) {
    into = std::move(later);
    return;
  }
  for (member& m : later.members) {
    const auto held = std::ranges::find(into.members, m.name, &member::name);
    if (held == into.members.end())
      into.members.push_back(std::move(m));
    else
      merge(held->value, std::move(m.value));
  }
}

}  // namespace ordersync::config
