#include "config/reference.hpp"

#include "config/document.hpp"
#include "config/keys.hpp"
#include "config/kinds.hpp"
#include "config/sources.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace ordersync::config {
namespace {

constexpr std::size_t line_length = 100;

constexpr std::string_view preamble =
    "The settings of ordersync: every key with its default. Keys marked required must be set; the others may be left "
    "out or empty. Check an edited file with `ordersync --config FILE check`.\n"
    "The environment sets every key, too, and takes precedence: sync.live.every is ORDERSYNC_SYNC__LIVE__EVERY; the "
    "value "
    "of a list or a section is YAML. Files in conf.d beside this one, *.yaml by name, take precedence over it. Text "
    "such "
    "as ${NAME} is not replaced. `ordersync check --show` prints what is in force and where it comes from.\n"
    "Durations are written 500ms, 10s, 5m, 2h or 3d; sizes 64KiB, 64MiB or 1GiB; times 2024-05-07 or "
    "2024-05-07T09:52:00+08:00. Relative paths start at this file's directory.\n"
    "Secrets are not allowed in this file. A value without a slash names a systemd credential (LoadCredential= in the "
    "unit) or else a file in this file's directory; only its owner may have access to it (chmod 600), except that "
    "root's files on a "
    "read-only mount or below /run/secrets may be readable. Secrets are read again on reload.";

std::string wrapped_comment(std::string_view text, std::size_t indent) {
  const std::string begin = std::string(indent, ' ') + "#";
  std::string out;
  std::string line = begin;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (line.size() + 1 + word.size() > line_length && line != begin) {
      out += line + '\n';
      line = begin;
    }
    line.append(" ").append(word);
  }
  return out + line + '\n';
}

std::string without_article(std::string_view name) {
  for (const std::string_view article : {"a ", "an "}) {
    if (name.starts_with(article)) name.remove_prefix(article.size());
  }
  return std::string(name);
}

// "A duration from 1s to 10m; default 30s."
std::string summary(const key& k) {
  std::string out(facts(k.type).name);
  out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  if (!k.choices.empty()) out += fmt::format(" {}", fmt::join(words_of(k), ", "));
  if (!k.most.empty()) out += fmt::format(" from {} to {}", k.least, k.most);
  if (k.required) return out + "; required.";
  if (k.fallback.empty()) return out + "; optional.";
  return k.type == kind::objects && k.fallback != "[]" ? out + "; the default:"
                                                       : out + fmt::format("; default {}.", k.fallback);
}

class writer {
 public:
  std::string text() && {
    std::string_view paragraphs = preamble;
    while (!paragraphs.empty()) {
      const std::string_view paragraph = paragraphs.substr(0, paragraphs.find('\n'));
      out_ += wrapped_comment(paragraph, 0);
      paragraphs.remove_prefix(std::min(paragraph.size() + 1, paragraphs.size()));
    }
    for (const key* k : keys_below("")) {
      out_ += '\n';
      write(*k, 0, false);
    }
    return std::move(out_);
  }

 private:
  void write(const key& k, std::size_t indent, bool first_of_element) {
    if (k.type == kind::inline_secret) return;
    const std::size_t comment_indent = first_of_element ? indent - 2 : indent;
    out_ += wrapped_comment(k.help, comment_indent);
    if (k.type == kind::objects && !k.fallback.empty()) return write_default_list(k, indent);
    if (k.type != kind::section) out_ += wrapped_comment(summary(k), comment_indent);
    out_ += std::string(comment_indent, ' ') + (first_of_element ? "- " : "") + std::string(k.leaf()) + ':';
    out_ += k.fallback.empty() ? "\n" : fmt::format(" {}\n", k.fallback);
    if (k.type == kind::section) write_below(k.path, indent + 2, false);
    if (k.type == kind::objects) write_below(fmt::format("{}[]", k.path), indent + 4, true);
  }

  void write_below(std::string_view path, std::size_t indent, bool element) {
    bool first = element;
    for (const key* k : keys_below(path)) {
      write(*k, indent, first);
      first = false;
    }
  }

  // The keys of its elements are described once, above, then each default element stands on a line.
  void write_default_list(const key& k, std::size_t indent) {
    for (const key* part : keys_below(fmt::format("{}[]", k.path))) {
      if (part->type == kind::inline_secret) continue;
      out_ += wrapped_comment(fmt::format("{}: {} {}", part->leaf(), part->help, summary(*part)), indent);
    }
    out_ += wrapped_comment(summary(k), indent);
    if (k.fallback == "[]") {
      out_ += fmt::format("{}{}: []\n", std::string(indent, ' '), k.leaf());
      return;
    }
    out_ += fmt::format("{}{}:\n", std::string(indent, ' '), k.leaf());
    for (const node& element : parse_document(k.fallback, "default").root.items) {
      std::vector<std::string> pairs;
      for (const member& m : element.members) pairs.push_back(fmt::format("{}: {}", m.name, m.value.text));
      out_ += fmt::format("{}- {{{}}}\n", std::string(indent + 2, ' '), fmt::join(pairs, ", "));
    }
  }

  std::string out_;
};

boost::json::value text_or_null(std::string_view text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

// The default as it is meant, without the quotes that YAML needs around it.
boost::json::value default_json(const key& k) {
  const node n = k.fallback.empty() ? node{} : parse_document(k.fallback, "default").root;
  return text_or_null(n.kind == node::shape::scalar ? std::string_view(n.text) : k.fallback);
}

std::string type_of(const key& k) {
  if (k.type == kind::choice) return "choice";
  return k.type == kind::choices ? "list of choices" : without_article(facts(k.type).name);
}

}  // namespace

std::string reference() {
  return writer().text();
}

boost::json::array reference_json() {
  boost::json::array all;
  for (const key& k : keys()) {
    if (k.type == kind::inline_secret || k.type == kind::section) continue;
    boost::json::value choices = nullptr;
    if (const auto words = words_of(k); !words.empty()) choices = boost::json::array(words.begin(), words.end());
    all.push_back({{"key", k.path},
                   {"type", type_of(k)},
                   {"default", default_json(k)},
                   {"least", text_or_null(k.least)},
                   {"most", text_or_null(k.most)},
                   {"choices", std::move(choices)},
                   {"required", k.required},
                   {"variable", k.path.find("[]") == k.path.npos ? boost::json::value(variable_of(k.path)) : nullptr},
                   {"help", k.help}});
  }
  return all;
}

}  // namespace ordersync::config
