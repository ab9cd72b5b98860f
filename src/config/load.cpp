#include "config/load.hpp"

#include "config/document.hpp"
#include "config/keys.hpp"
#include "config/kinds.hpp"
#include "config/rules.hpp"
#include "config/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace ordersync::config {
namespace {

std::string below(const std::string& section, std::string_view leaf) {
  return section.empty() ? std::string(leaf) : fmt::format("{}.{}", section, leaf);
}

// A key that exists elsewhere under exactly this name was put in the wrong place; any other is taken for misspelt.
std::string suggestion(std::string_view name, std::string_view path) {
  std::vector<std::string_view> siblings;
  for (const key* k : keys_below(path)) {
    if (k->type != kind::inline_secret) siblings.push_back(k->leaf());
  }
  std::vector<std::string_view> elsewhere;
  for (const key& k : keys()) {
    if (k.leaf() == name && k.type != kind::inline_secret) elsewhere.push_back(k.path);
  }
  std::ranges::stable_sort(elsewhere, {}, [](std::string_view p) { return std::ranges::count(p, '.'); });
  if (!elsewhere.empty()) return fmt::format("did you mean {}?", fmt::join(elsewhere, " or "));
  return fmt::format("did you mean {}? Known here: {}", nearest(name, siblings), fmt::join(siblings, ", "));
}

// "${NAME}" in a text, which other tools would replace; none: "".
std::string_view placeholder_in(std::string_view text) {
  for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) return {};
    const auto name = text.substr(at + 2, end - at - 2);
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
    };
    if (!name.empty() && is_part(name.front())) return text.substr(at, end + 1 - at);
  }
  return {};
}

std::string_view placeholder_in(const node& n) {
  if (n.kind == node::shape::scalar) return placeholder_in(std::string_view{n.text});
  for (const node& item : n.items)
    if (const auto found = placeholder_in(item); !found.empty()) return found;
  return {};
}

// Walks the table beside the merged sources. `shown` is a key's path as problems name it: "accounts[1].name".
class walker {
 public:
  explicit walker(const std::vector<source>& sources) {
    for (const source& one : sources) out_.of.origins.push_back(one.from);
  }

  void section(const node& n, std::string_view path, const std::string& shown) {
    if (n.kind != node::shape::mapping) return not_a_section(n, shown);
    report_unknown(n, path, shown);
    for (const key* k : keys_below(path)) visit(*k, n, below(shown, k->leaf()));
  }

  // One key, and nothing of what stands beside it. `within`: the section that `n` is.
  void only(std::string_view path, const node& n, const std::string& within = {}) {
    if (n.kind != node::shape::mapping) return not_a_section(n, within);
    for (const key* k : keys_below(within)) {
      const auto shown = below(within, k->leaf());
      if (shown == path) return visit(*k, n, shown);
      if (!path.starts_with(shown + '.')) continue;
      const member* m = n.find(k->leaf());
      if (m != nullptr && m->value.kind != node::shape::null) return only(path, m->value, shown);
      node empty;
      empty.kind = node::shape::mapping;
      empty.at = m != nullptr ? m->at : n.at;
      return only(path, empty, shown);
    }
  }

  void add(std::vector<problem>&& found) { std::move(found.begin(), found.end(), std::back_inserter(problems_)); }

  checked<explained_settings> finish() {
    add(broken_rules(out_.of, places_));
    if (problems_.empty()) return std::move(out_);
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return std::move(problems_);
  }

  // Of only(): `beside` counts where the key's value cannot be read for it.
  checked<settings> finish_one(std::vector<problem>&& beside) {
    if (problems_.empty() && !out_.values.empty()) return std::move(out_.of);
    add(std::move(beside));
    return std::move(problems_);
  }

 private:
  void complain(location at, const std::string& shown, std::string_view what) {
    problems_.push_back({origin_of(out_.of, at).name, at, fmt::format("{}: {}", shown, what)});
  }

  void not_a_section(const node& n, const std::string& shown) {
    if (n.kind == node::shape::refused) return;
    complain(n.at, shown.empty() ? "configuration" : shown,
             "this is a section; write its keys as `key: value` lines below it");
  }

  // The value of a variable is expanded by whoever sets it.
  bool is_variable(location at) const { return origin_of(out_.of, at).name.starts_with("environment variable "); }

  void not_expanded(location at, const std::string& shown, std::string_view found, const std::string& instead) {
    complain(at, shown,
             is_variable(at) ? fmt::format("{} is not expanded; write the value itself", in_quotes(found))
                             : fmt::format("{} is not expanded; set {} instead", in_quotes(found), instead));
  }

  void report_unknown(const node& n, std::string_view path, const std::string& shown) {
    for (const member& m : n.members) {
      const auto known = keys_below(path);
      if (std::any_of(known.begin(), known.end(), [&](const key* k) { return k->leaf() == m.name; })) continue;
      if (const auto found = placeholder_in(std::string_view{m.name}); !found.empty())
        not_expanded(m.at, below(shown, in_quotes(m.name)), found,
                     "the environment variables of the keys that it stands for, as ORDERSYNC_API__BASE_URL,");
      else
        complain(m.at, below(shown, in_quotes(m.name)), "unknown key; " + suggestion(m.name, path));
    }
  }

  void visit(const key& k, const node& section, const std::string& shown) {
    const member* m = section.find(k.leaf());
    if (k.type == kind::inline_secret) {
      if (m)
        complain(m->at, shown,
                 fmt::format("secrets are not allowed here; put it into a file and name the file in {}", k.help));
    } else if (!m || m->value.kind == node::shape::null) {
      absent(k, shown, m ? m->at : section.at);
    } else if (m->value.kind != node::shape::refused) {
      places_[shown] = m->value.at;
      take(k, m->value, shown);
    }
  }

  // A section that no file has is at line 0.
  void missing(const key& k, const std::string& shown, location at) {
    const auto hint = facts(k.type).hint;
    if (at.line > 0) return complain(at, shown, fmt::format("required; {}", hint));
    problems_.push_back({"environment", at, fmt::format("{}: required; {}, as {}", shown, hint, variable_of(k.path))});
  }

  void absent(const key& k, const std::string& shown, location at) {
    if (k.required) return missing(k, shown, at);
    if (k.type == kind::section) {
      node empty;
      empty.kind = node::shape::mapping;
      empty.at = at;
      section(empty, k.path, shown);
    } else if (!k.fallback.empty()) {
      const bool outer = std::exchange(in_default_, true);
      take(k, parse_document(k.fallback, "default").root, shown);
      in_default_ = outer;
    }
  }

  void take(const key& k, const node& n, const std::string& shown) {
    if (k.type == kind::section) return section(n, k.path, shown);
    if (k.type == kind::objects) return objects(k, n, shown);
    if (const auto found = placeholder_in(n); !found.empty())
      return not_expanded(n.at, shown, found, "the environment variable " + variable_of(k.path));
    around_.directory = origin_of(out_.of, n.at).directory;
    reading r = read_value(k, n, around_);
    if (!r.result) return complain(n.at, shown, r.complaint);
    out_.values.push_back({shown, to_yaml(n), in_default_ ? std::nullopt : std::optional{n.at}});
    k.at.put(out_.of, std::move(*r.result));
    around_.zone = out_.of.api.time_zone;
  }

  void objects(const key& k, const node& n, const std::string& shown) {
    if (n.kind != node::shape::sequence) return complain(n.at, shown, "write a list, each element beginning with `- `");
    if (n.items.empty() && !k.least.empty())
      return complain(n.at, shown, fmt::format("at least {} is required", k.least));
    if (n.items.empty()) out_.values.push_back({shown, "[]", in_default_ ? std::nullopt : std::optional{n.at}});
    for (std::size_t i = 0; i < n.items.size(); ++i) {
      k.at.put(out_.of, value{n.items[i].at});
      section(n.items[i], fmt::format("{}[]", k.path), fmt::format("{}[{}]", shown, i));
    }
  }

  explained_settings out_;
  bool in_default_ = false;
  reading_context around_;
  std::map<std::string, location> places_;
  std::vector<problem> problems_;
};

// Whether a source may say something of the key; of "": of any.
bool concerns(const source& one, std::string_view path) {
  return path.empty() || one.key.empty() || one.key == path || path.starts_with(one.key + '.');
}

// As one tree; none where a source is not usable at all.
std::optional<node> merged(const std::vector<source>& sources, std::string_view path, std::vector<problem>& problems) {
  node all;
  all.kind = node::shape::mapping;
  bool usable = true;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!concerns(sources[i], path)) continue;
    auto tree = tree_of(sources[i], static_cast<int>(i), problems);
    usable = usable && tree;
    if (!tree) continue;
    if (i == 0 && sources[i].key.empty())
      all = std::move(*tree);
    else
      merge(all, std::move(*tree));
  }
  return usable ? std::optional{std::move(all)} : std::nullopt;
}

}  // namespace

checked<explained_settings> explain(const std::vector<source>& sources) {
  if (sources.empty()) return std::vector{problem{"configuration", {}, "none is given; name a file with --config"}};
  walker walk(sources);
  std::vector<problem> problems;
  const auto all = merged(sources, "", problems);
  if (!all) return problems;
  if (all->kind == node::shape::mapping && all->members.empty() && problems.empty()) {
    return std::vector{
        problem{sources.front().from.name, {}, "the file is empty; `ordersync config-reference` prints a template"}};
  }
  walk.add(std::move(problems));
  walk.section(*all, "", "");
  return walk.finish();
}

checked<settings> load(const std::vector<source>& sources) {
  auto loaded = explain(sources);
  if (loaded.has_error()) return loaded.error();
  return std::move(loaded->of);
}

checked<settings> load_one(const std::vector<source>& sources, std::string_view path) {
  std::vector<problem> problems;
  const auto all = merged(sources, path, problems);
  if (!all) return problems;
  walker walk(sources);
  walk.only(path, *all);
  return walk.finish_one(std::move(problems));
}

checked<settings> load_text(std::string_view text, const std::filesystem::path& file) {
  return load({source{{file.string(), file.parent_path()}, std::string(text)}});
}

}  // namespace ordersync::config
