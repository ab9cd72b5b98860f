#include "config/document.hpp"

#include "config/text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace ordersync::config {
namespace {

// The deepest key of ours is four levels down.
constexpr std::size_t deepest = 16;
// Duplicate keys are found by a linear search, so this bounds the work to some 10^8 comparisons.
constexpr std::size_t most_nodes = 20'000;

struct over_bound : std::runtime_error {
  over_bound(const char* what, const YAML::Mark& where) : std::runtime_error(what), mark(where) {}
  YAML::Mark mark;
};

// Turns the library's 0-based byte columns into 1-based character columns.
class positions {
 public:
  explicit positions(std::string_view text) {
    while (true) {
      const std::size_t end = text.find('\n');
      lines_.push_back(text.substr(0, end));
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
  }

  std::string_view line(const YAML::Mark& mark) const {
    const auto at = static_cast<std::size_t>(std::max(mark.line, 0));
    return at < lines_.size() ? lines_[at] : std::string_view{};
  }

  location of(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    const auto bytes = static_cast<std::size_t>(std::max(mark.column, 0));
    if (line >= lines_.size()) return {mark.line + 1, mark.column + 1};
    return {mark.line + 1, static_cast<int>(characters_in(lines_[line].substr(0, bytes))) + 1};
  }

 private:
  std::vector<std::string_view> lines_;
};

// In braces and brackets of YAML, "${NAME}" opens another pair.
std::string hint_on(std::string_view line) {
  return line.find("${") == std::string_view::npos
             ? ""
             : "; ${NAME} is not expanded: write the value itself, or set the environment variable of its key, as "
               "ORDERSYNC_API__BASE_URL";
}

// A collection that is still open. In a mapping, names and values take turns.
struct frame {
  node collection;
  bool is_mapping = false;  // also when the collection is refused
  std::optional<member> awaiting_value;
  bool name_refused = false;
};

class builder final : public YAML::EventHandler {
 public:
  builder(const positions& where, const std::string& file, document& out) : where_(where), file_(file), out_(out) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw over_bound("a second YAML document begins here; only one is allowed", mark);
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(start(node::shape::null, mark)); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    complain(where_.of(mark), "aliases (*name) are not supported; write the value itself");
    add(start(node::shape::refused, mark));
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    complain(where_.of(mark), "anchors (&name) are not supported; remove the anchor");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    node n = start(node::shape::scalar, mark);
    n.text = value;
    refuse_tag(n, tag);
    add(std::move(n));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(node::shape::sequence, mark, tag);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(node::shape::mapping, mark, tag);
  }
  void OnMapEnd() override { close(); }

 private:
  node start(node::shape kind, const YAML::Mark& mark) {
    if (++nodes_ > most_nodes) throw over_bound("too many keys and values", mark);
    node n;
    n.kind = kind;
    n.at = where_.of(mark);
    return n;
  }

  void complain(location at, std::string text) { out_.problems.push_back({file_, at, std::move(text)}); }

  // "?" is the library's word for an untagged plain value, "!" for a quoted one.
  void refuse_tag(node& n, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    complain(n.at, "tags (!name) are not supported; remove the tag");
    n.kind = node::shape::refused;
  }

  void open(node::shape kind, const YAML::Mark& mark, const std::string& tag) {
    if (open_.size() >= deepest) throw over_bound("nested too deeply", mark);
    frame f;
    f.collection = start(kind, mark);
    f.is_mapping = kind == node::shape::mapping;
    refuse_tag(f.collection, tag);
    open_.push_back(std::move(f));
  }

  void close() {
    node done = std::move(open_.back().collection);
    open_.pop_back();
    add(std::move(done));
  }

  void add(node n) {
    if (open_.empty()) {
      out_.root = std::move(n);
      return;
    }
    frame& parent = open_.back();
    if (!parent.is_mapping) {
      parent.collection.items.push_back(std::move(n));
    } else if (parent.awaiting_value) {
      add_member(parent, std::move(n));
    } else {
      add_name(parent, std::move(n));
    }
  }

  void add_name(frame& parent, node n) {
    parent.name_refused = n.kind != node::shape::scalar;
    if (parent.name_refused && n.kind != node::shape::refused) complain(n.at, "a key must be plain text");
    parent.awaiting_value = member{std::move(n.text), n.at, {}};
  }

  void add_member(frame& parent, node n) {
    member m = std::move(*parent.awaiting_value);
    parent.awaiting_value.reset();
    if (parent.name_refused) return;
    if (const member* first = parent.collection.find(m.name)) {
      complain(m.at, fmt::format("{} is set twice, first on line {}; remove one", in_quotes(m.name), first->at.line));
      return;
    }
    m.value = std::move(n);
    parent.collection.members.push_back(std::move(m));
  }

  const positions& where_;
  const std::string& file_;
  document& out_;
  std::vector<frame> open_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

document broken(document out, const std::string& file, location at, std::string text) {
  out.problems.push_back({file, at, std::move(text)});
  out.broken = true;
  return out;
}

void emit(YAML::Emitter& to, const node& n) {
  switch (n.kind) {
    case node::shape::sequence:
      to << YAML::Flow << YAML::BeginSeq;
      for (const node& item : n.items) emit(to, item);
      to << YAML::EndSeq;
      return;
    case node::shape::mapping:
      to << YAML::Flow << YAML::BeginMap;
      for (const member& m : n.members) {
        to << YAML::Key << m.name << YAML::Value;
        emit(to, m.value);
      }
      to << YAML::EndMap;
      return;
    case node::shape::scalar:
      to << n.text;
      return;
    case node::shape::null:
    case node::shape::refused:
      to << YAML::Null;
  }
}

// The library takes other encodings for YAML too and stops at a NUL without a word.
std::optional<location> first_unreadable(std::string_view text) {
  const std::size_t bad = first_not_text(text);
  if (bad == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, bad);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return location{static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
                  static_cast<int>(characters_in(before.substr(line_start))) + 1};
}

}  // namespace

const member* node::find(std::string_view name) const noexcept {
  const auto found = std::find_if(members.begin(), members.end(), [&](const member& m) { return m.name == name; });
  return found == members.end() ? nullptr : &*found;
}

std::string to_yaml(const node& n) {
  YAML::Emitter out;
  out.SetOutputCharset(YAML::EmitNonAscii);
  emit(out, n);
  return out.c_str();
}

document parse_document(std::string_view text, const std::string& file) {
  document out;
  if (text.size() > largest_document)
    return broken(std::move(out), file, {}, "larger than 256 KiB; check that it is the right file");
  if (const auto at = first_unreadable(text)) {
    return broken(std::move(out), file, *at, "not valid text; save the file as UTF-8 without control characters");
  }
  const positions where(text);
  builder events(where, file, out);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const over_bound& e) {
    return broken(std::move(out), file, where.of(e.mark), e.what());
  } catch (const YAML::Exception& e) {
    return broken(std::move(out), file, where.of(e.mark), "not valid YAML: " + e.msg + hint_on(where.line(e.mark)));
  }
  return out;
}

}  // namespace ordersync::config
