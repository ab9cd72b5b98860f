#include "config/load.hpp"

#include "config/document.hpp"
#include "config/file.hpp"
#include "config/keys.hpp"
#include "config/kinds.hpp"
#include "config/rules.hpp"
#include "config/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>

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

// Walks the table beside the document. `shown` is a key's path as problems name it: "accounts[1].name".
class walker {
 public:
  explicit walker(const std::filesystem::path& file) : file_(file.string()) {
    out_.file = file;
    around_.directory = file.parent_path();
  }

  void section(const node& n, std::string_view path, const std::string& shown) {
    if (n.kind != node::shape::mapping) return not_a_section(n, shown);
    report_unknown(n, path, shown);
    for (const key* k : keys_below(path)) visit(*k, n, below(shown, k->leaf()));
  }

  void add(std::vector<problem>&& found) { std::move(found.begin(), found.end(), std::back_inserter(problems_)); }

  checked<settings> finish() {
    add(broken_rules(out_, places_));
    if (problems_.empty()) return std::move(out_);
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return std::move(problems_);
  }

 private:
  void complain(location at, const std::string& shown, std::string_view what) {
    problems_.push_back({file_, at, fmt::format("{}: {}", shown, what)});
  }

  void not_a_section(const node& n, const std::string& shown) {
    if (n.kind == node::shape::refused) return;
    complain(n.at, shown.empty() ? "configuration" : shown,
             "this is a section; write its keys as `key: value` lines below it");
  }

  void report_unknown(const node& n, std::string_view path, const std::string& shown) {
    for (const member& m : n.members) {
      const auto known = keys_below(path);
      if (std::any_of(known.begin(), known.end(), [&](const key* k) { return k->leaf() == m.name; })) continue;
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

  void absent(const key& k, const std::string& shown, location at) {
    if (k.required) return complain(at, shown, "required; " + std::string(facts(k.type).hint));
    if (k.type == kind::section) {
      node empty;
      empty.kind = node::shape::mapping;
      empty.at = at;
      section(empty, k.path, shown);
    } else if (!k.fallback.empty()) {
      take(k, parse_document(k.fallback, "default").root, shown);
    }
  }

  void take(const key& k, const node& n, const std::string& shown) {
    if (k.type == kind::section) return section(n, k.path, shown);
    if (k.type == kind::objects) return objects(k, n, shown);
    reading r = read_value(k, n, around_);
    if (!r.result) return complain(n.at, shown, r.complaint);
    k.at.put(out_, std::move(*r.result));
    around_.zone = out_.api.time_zone;
  }

  void objects(const key& k, const node& n, const std::string& shown) {
    if (n.kind != node::shape::sequence) return complain(n.at, shown, "write a list, each element beginning with `- `");
    if (n.items.empty() && !k.least.empty())
      return complain(n.at, shown, fmt::format("at least {} is required", k.least));
    for (std::size_t i = 0; i < n.items.size(); ++i) {
      k.at.put(out_, value{n.items[i].at});
      section(n.items[i], fmt::format("{}[]", k.path), fmt::format("{}[{}]", shown, i));
    }
  }

  std::string file_;
  settings out_;
  reading_context around_;
  std::map<std::string, location> places_;
  std::vector<problem> problems_;
};

}  // namespace

checked<settings> load_text(std::string_view text, const std::filesystem::path& file) {
  document parsed = parse_document(text, file.string());
  if (parsed.broken) return std::move(parsed.problems);
  if (parsed.root.kind == node::shape::null && parsed.problems.empty()) {
    return std::vector{problem{file.string(), {}, "the file is empty; `ordersync config-reference` prints a template"}};
  }
  walker walk(file);
  walk.add(std::move(parsed.problems));
  walk.section(parsed.root, "", "");
  return walk.finish();
}

checked<settings> load(const std::filesystem::path& file) {
  const file_content content = read_file(file, largest_document, false);
  if (!content.bytes) return std::vector{problem{file.string(), {}, content.complaint}};
  return load_text({content.bytes->data(), content.bytes->size()}, file);
}

}  // namespace ordersync::config
