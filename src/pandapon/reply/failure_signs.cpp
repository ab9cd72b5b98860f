#include "pandapon/reply/failure_signs.hpp"

#include "pandapon/text/lower_case.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ordersync::pandapon::reply {
namespace {

// Keys are compared in lower case and without `_` and `-`: errorCode, error_code.
constexpr std::array<std::string_view, 5> success_keys{"success", "issuccess", "succeed", "succeeded", "ok"};
constexpr std::array<std::string_view, 7> outcome_keys{"status",  "state",      "result",    "resultcode",
                                                       "retcode", "returncode", "statuscode"};
constexpr std::array<std::string_view, 7> code_keys{"errorcode", "errcode",   "errno",       "errorno",
                                                    "subcode",   "faultcode", "suberrorcode"};
constexpr std::array<std::string_view, 11> text_keys{"error",     "errors",    "errormessage",     "errormsg",
                                                     "errmsg",    "errorinfo", "errordescription", "submsg",
                                                     "exception", "errordesc", "errorresponse"};
constexpr std::array<std::string_view, 3> message_keys{"msg", "message", "desc"};

constexpr std::array<std::string_view, 9> failing_words{"false", "fail", "failed",    "failure", "error",
                                                        "err",   "no",   "exception", "失败"};
constexpr std::array<std::string_view, 8> succeeding_words{"",   "null", "none",    "false",
                                                           "ok", "成功", "success", "successful"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string plain_key(std::string_view key) {
  auto plain = text::lower_case(key);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-'; });
  return plain;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text::lower_case(text.substr(begin, text.find_last_not_of(space) - begin + 1));
}

// What a number or a text spells, in lower case; a boolean and null as their words.
std::string word_of(const json::json_value& value) {
  if (value.kind == json::json_kind::text || value.kind == json::json_kind::number) return trimmed(value.text);
  return value.kind == json::json_kind::boolean ? (value.truth ? "true" : "false") : "";
}

// 0, 00000, 200: how such members say that all is well.
bool code_of_success(std::string_view word) {
  return word == "200" || word.find_first_not_of('0') == std::string_view::npos || is_one_of(word, succeeding_words);
}

bool http_status_of_failure(std::string_view word) {
  int number = 0;
  const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
  return parsed.ec == std::errc{} && parsed.ptr == word.data() + word.size() && number >= 400 && number <= 599;
}

bool says_failed(std::string_view key, const json::json_value& value, const std::string& word) {
  if (value.kind == json::json_kind::null) return false;
  if (is_one_of(key, success_keys)) return word == "0" || is_one_of(word, failing_words);
  if (is_one_of(key, outcome_keys)) return is_one_of(word, failing_words) || http_status_of_failure(word);
  if (!is_one_of(key, code_keys) && !is_one_of(key, text_keys)) return false;
  const bool container = value.kind == json::json_kind::object || value.kind == json::json_kind::array;
  return container ? !value.children.empty() : !code_of_success(word);
}

void add_message(const json::json_value& value, failure_signs& signs) {
  if (value.kind != json::json_kind::text) return;
  signs.message.append(signs.message.empty() ? "" : "\n").append(value.text);
}

}  // namespace

void look_for_failure(std::string_view key, const json::json_value& value, failure_signs& signs) {
  const auto plain = plain_key(key);
  if (is_one_of(plain, message_keys) || is_one_of(plain, text_keys)) add_message(value, signs);
  if (!says_failed(plain, value, word_of(value))) return;
  if (signs.sign.empty()) signs.sign = plain;
  // 1688 names the reason more closely in a `sub_code`.
  const bool wanted = signs.code.empty() || plain.starts_with("sub");
  if (is_one_of(plain, code_keys) && wanted && value.children.empty()) signs.code = value.text;
  // {"error_response":{"code":7,"sub_code":"...","msg":"..."}}
  for (const auto& child : value.children) {
    if (child.name == "code" && signs.code.empty()) signs.code = word_of(child);
    if (child.children.empty()) look_for_failure(child.name, child, signs);
  }
}

}  // namespace ordersync::pandapon::reply
