#include "config/kinds.hpp"

#include "config/addresses.hpp"
#include "config/file.hpp"
#include "config/proxy.hpp"
#include "config/text.hpp"
#include "config/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace ordersync::config {
namespace {

using maybe = std::optional<value>;

// A header or a table is no place for more.
constexpr std::size_t longest_token = 256;
constexpr std::size_t longest_name = 64;

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

template <class Number>
maybe parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value{number};
}

maybe parse_rate(std::string_view text) {
  // No inf, nan, exponent. A negative number is one, if out of every range.
  const auto digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  return parse_number<double>(text);
}

maybe parse_name(std::string_view text) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto fits = [&](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; };
  if (text.empty() || text.size() > longest_name || !is_alphanumeric(text.front())) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), fits)) return std::nullopt;
  return value{std::string(text)};
}

maybe parse_token(std::string_view text) {
  if (text.empty() || text.size() > longest_token || !is_visible_ascii(text)) return std::nullopt;
  return value{std::string(text)};
}

// Each % begins a byte in hex, as in %2F.
bool has_whole_escapes(std::string_view text) {
  const auto is_hex = [&](std::size_t i) {
    return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i]));
  };
  for (auto i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1))
    if (!is_hex(i + 1) || !is_hex(i + 2)) return false;
  return true;
}

maybe parse_url_path(std::string_view text) {
  const bool has_other_parts = text.find_first_of("?#") != std::string_view::npos;
  if (!text.starts_with('/') || !is_visible_ascii(text) || has_other_parts || !has_whole_escapes(text))
    return std::nullopt;
  return value{std::string(text)};
}

maybe parse_database_url(std::string_view text) {
  const bool known = text.starts_with("postgresql://") || text.starts_with("postgres://");
  if (!known || !is_visible_ascii(text)) return std::nullopt;
  return value{std::string(text)};
}

template <class T>
maybe wrapped(const std::optional<T>& parsed) {
  return parsed ? maybe{value{*parsed}} : std::nullopt;
}

maybe parse_text(kind type, std::string_view text, const reading_context& around) {
  switch (type) {
    case kind::duration:
      return wrapped(parse_duration(text));
    case kind::size:
      return wrapped(parse_size(text));
    case kind::integer:
      return parse_number<std::int64_t>(text);
    case kind::number:
      return parse_rate(text);
    case kind::https_url:
      return wrapped(parse_https_url(text));
    case kind::listen_address:
      return wrapped(parse_listen_address(text));
    case kind::url_path:
      return parse_url_path(text);
    case kind::name:
      return parse_name(text);
    case kind::token:
    case kind::tokens:
      return parse_token(text);
    case kind::utc_offset:
      return wrapped(parse_utc_offset(text));
    case kind::time:
      return wrapped(parse_time_point(text, around.zone));
    case kind::database_url:
      return parse_database_url(text);
    default:
      throw std::logic_error("this type has no text");
  }
}

reading refusal(std::string complaint) {
  return {std::nullopt, std::move(complaint)};
}

reading not_a(kind type, std::string_view text) {
  const kind_facts& f = facts(type);
  const std::string shown = f.quotable ? in_quotes(text) : "this";
  return refusal(fmt::format("{} is not {}; {}", shown, f.name, f.hint));
}

reading read_choice(const key& k, const node& n) {
  const auto found = std::ranges::find(k.choices, n.text, &choice::word);
  if (n.kind == node::shape::scalar && found != k.choices.end()) return {found->meaning, {}};
  const std::string shown = n.kind == node::shape::scalar ? in_quotes(n.text) : "this";
  return refusal(fmt::format("{} is not one of {}", shown, fmt::join(words_of(k), ", ")));
}

std::string list_hint(const key& k) {
  return fmt::format("write a list of {}", fmt::join(words_of(k), ", "));
}

// Of what is written twice the first counts.
template <class T>
reading read_all_of(const key& k, const node& n) {
  std::vector<T> all;
  for (const node& item : n.items) {
    reading one = read_choice(k, item);
    if (!one.result) return one;
    for (const T each : std::get<std::vector<T>>(*one.result))
      if (std::ranges::find(all, each) == all.end()) all.push_back(each);
  }
  return {value{std::move(all)}, {}};
}

reading read_choices(const key& k, const node& n) {
  if (n.kind != node::shape::sequence) return refusal("this is not a list; " + list_hint(k));
  if (n.items.empty()) return refusal("at least one is required; " + list_hint(k));
  if (std::holds_alternative<std::vector<alert_kind>>(k.choices.front().meaning)) return read_all_of<alert_kind>(k, n);
  return read_all_of<detail_state>(k, n);
}

reading read_file(std::string_view text, const reading_context& around) {
  const std::filesystem::path path = around.directory / text;
  if (const auto reason = why_unreadable(path)) {
    return refusal(fmt::format("{} cannot be read: {}", in_quotes(path.string()), *reason));
  }
  return {value{path}, {}};
}

reading read_tokens(const node& n) {
  std::vector<std::string> tokens;
  if (n.kind != node::shape::sequence)
    return refusal(fmt::format("this is not {}; {}", facts(kind::tokens).name, facts(kind::tokens).hint));
  for (const node& item : n.items) {
    const maybe token = item.kind == node::shape::scalar ? parse_token(item.text) : std::nullopt;
    if (!token)
      return refusal(
          fmt::format("element {} is not {}; {}", tokens.size() + 1, facts(kind::token).name, facts(kind::token).hint));
    tokens.push_back(std::get<std::string>(*token));
  }
  return {value{std::move(tokens)}, {}};
}

// Every sort of value that may be meant gets an answer of its own; none shows it, for it may hold a password.
reading read_proxy(std::string_view text) {
  if (text == no_proxy) return {value{proxy_choice{}}, {}};
  if (const auto why = why_no_proxy(text)) return refusal(*why);
  if (text.find('@') != std::string_view::npos)
    return refusal(
        "it contains a user or password; use api.proxy_user, and put the password into a file that "
        "api.proxy_password_file names");
  const auto proxy = parse_proxy_url(text);
  if (!proxy) return not_a(kind::proxy, text);
  return {value{proxy_choice{*proxy, {}}}, {}};
}

bool out_of_range(const key& k, const value& v) {
  const auto bound = [&](std::string_view text) { return *parse_text(k.type, text, {}); };
  return (!k.least.empty() && v < bound(k.least)) || (!k.most.empty() && bound(k.most) < v);
}

template <class Number>
bool has_no_room(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc::result_out_of_range && end == text.data() + text.size();
}

// Written as it should be, but beyond every number: 1e400, 99999999999999999999s.
bool is_beyond_all(kind type, std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const auto unit = std::min(text.size(), text.find_first_not_of("0123456789", sign));
  const auto one = "1" + std::string(text.substr(unit));
  switch (type) {
    case kind::integer:
      return has_no_room<std::int64_t>(text);
    case kind::number:
      return has_no_room<double>(text);
    case kind::duration:
      return unit > sign && parse_duration(one);
    case kind::size:
      return unit > sign && parse_size(one);
    default:
      return false;
  }
}

}  // namespace

const kind_facts& facts(kind type) {
  // In the order of the enumeration.
  static constexpr std::array all{
      kind_facts{"a section", "put its keys below it, indented"},
      kind_facts{"a list", "write a list of sections"},
      kind_facts{"a duration", duration_hint, true},
      kind_facts{"a size", size_hint, true},
      kind_facts{"a whole number", "write digits alone", true},
      kind_facts{"a number", "write digits, with a decimal point if needed", true},
      kind_facts{"one of", "write one of the choices", true},
      kind_facts{"a list of", "write a list of the choices", true},
      kind_facts{"an https URL", "write https://HOST or https://HOST:PORT; the path is a separate key"},
      kind_facts{"an http URL", "write http://HOST:PORT, or none; the user and the password are keys of their own"},
      kind_facts{"an address and port", "write an IP address and a port, as in 127.0.0.1:9188 or \"[::1]:9188\"", true},
      kind_facts{"the path of a URL", "begin with '/' and leave out the query"},
      kind_facts{"a file", "write the path of a file"},
      kind_facts{"a secret's file or credential", "write a path, or the name of a systemd credential"},
      kind_facts{"a name", "write letters, digits, '.', '_' or '-', at most 64, the first a letter or digit"},
      kind_facts{"an identifier", "write visible ASCII characters without spaces, at most 256"},
      kind_facts{"a list of identifiers", "write a list, as in [\"2100007341207\"]"},
      kind_facts{"a UTC offset", utc_offset_hint, true},
      kind_facts{"a time", time_hint, true},
      kind_facts{"a PostgreSQL URI", "write postgresql://USER@HOST:PORT/DATABASE, special characters percent-encoded"},
      kind_facts{"an inline secret", "remove it"},
  };
  static_assert(all.size() == static_cast<std::size_t>(kind::inline_secret) + 1);
  return all[static_cast<std::size_t>(type)];
}

reading read_value(const key& k, const node& n, const reading_context& around) {
  if (k.type == kind::tokens) return read_tokens(n);
  if (k.type == kind::choice) return read_choice(k, n);
  if (k.type == kind::choices) return read_choices(k, n);
  if (n.kind != node::shape::scalar) return refusal(fmt::format("write a single value, {}", facts(k.type).name));
  if (k.type == kind::file) return read_file(n.text, around);
  if (k.type == kind::secret_file) {
    if (n.text.empty())
      return refusal("the name is empty; write a path or the name of a credential, or remove the key");
    return {value{secret_reference{n.text, n.at}}, {}};
  }
  if (k.type == kind::proxy) return read_proxy(n.text);
  maybe v = parse_text(k.type, n.text, around);
  const bool beyond = !v && !k.most.empty() && is_beyond_all(k.type, n.text);
  if (!v && !beyond) return not_a(k.type, n.text);
  if (beyond || out_of_range(k, *v)) {
    return refusal(fmt::format("{} is out of range; write {} to {}", in_quotes(n.text), k.least, k.most));
  }
  return {std::move(v), {}};
}

}  // namespace ordersync::config
