// ordersync.yaml(5).

#include "config/keys.hpp"
#include "config/reference.hpp"
#include "documents.hpp"
#include "roff.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace packaging {
namespace {

namespace config = ordersync::config;

// What stands above the first key of the reference: paragraphs of a comment, whose lines are joined here.
std::string introduction() {
  std::string out;
  const std::string whole = config::reference();
  std::string_view text = std::string_view(whole).substr(0, whole.find("\n\n"));
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line.remove_prefix(std::min<std::size_t>(line.size(), 2));
    out += (out.empty() ? "" : " ") + std::string(line);
  }
  return out;
}

std::string_view text_of(const boost::json::value& v) {
  return v.is_string() ? std::string_view(v.get_string()) : std::string_view();
}

// "duration from 1s to 10m; default 30s"
std::string facts_of(const boost::json::object& key) {
  std::string out = literal(text_of(key.at("type")));
  if (key.at("choices").is_array()) {
    std::string choices;
    for (const auto& c : key.at("choices").get_array()) choices += (choices.empty() ? "" : ", ") + bold(text_of(c));
    out = "one of " + choices;
  }
  if (key.at("most").is_string())
    out += fmt::format(" from {} to {}", literal(text_of(key.at("least"))), literal(text_of(key.at("most"))));
  if (key.at("required").as_bool()) return out + "; required";
  if (key.at("default").is_null()) return out + "; optional";
  return out + "; default " + literal(text_of(key.at("default")));
}

std::string_view section_help(std::string_view section) {
  for (const config::key& k : config::keys()) {
    if (k.path == section) return k.help;
  }
  return {};
}

void add_keys(page& to) {
  to.heading("KEYS");
  std::string section;
  for (const auto& value : config::reference_json()) {
    const auto& key = value.as_object();
    const std::string_view path = text_of(key.at("key"));
    const std::string_view its_section = path.substr(0, path.find_first_of(".["));
    if (its_section != section) {
      section = its_section;
      to.subheading(section);
      if (path != section) to.paragraph(escaped(section_help(section)));
    }
    to.item(bold(path), fmt::format("{}\n.br\n({}.)", escaped(text_of(key.at("help"))), facts_of(key)));
  }
}

}  // namespace

std::string configuration_page(const edition& which) {
  page out("ORDERSYNC.YAML", 5, which.date, which.version);
  out.heading("NAME").paragraph("ordersync.yaml \\- settings of ordersync");
  out.heading("DESCRIPTION")
      .paragraph(escaped(introduction()))
      .paragraph(
          "Keys are written here as paths: \\fBsync.live.every\\fR is the key \\fBevery\\fR in the section "
          "\\fBlive\\fR of the section \\fBsync\\fR, and \\fBaccounts[].name\\fR is the key \\fBname\\fR in each "
          "element of the list \\fBaccounts\\fR.");
  add_keys(out);
  out.heading("EXAMPLE")
      .paragraph(
          "The smallest working configuration, with the secret in \\fI/etc/ordersync/secrets/main\\fR and a database "
          "on this "
          "machine:")
      .example(
          "accounts:\n"
          "  - name: main\n"
          "    access_key: 58c0201dfdf148eca63cbf6bb5e7cf03\n"
          "    user_id: \"2100007341207\"");
  out.heading("FILES").item(italic("/etc/ordersync/ordersync.yaml"), "The configuration of the service.");
  out.heading("SEE ALSO").paragraph("\\fBordersync\\fR(1)");
  return out.text();
}

}  // namespace packaging
