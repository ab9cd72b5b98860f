#include "flag_adding.hpp"

#include <stdexcept>
#include <vector>

namespace pandapon_sim {
namespace {

struct signing {
  bool message = false, upper = false;
};

void add_form_flags(CLI::App& to, push_rules& set) {
  static const std::map<std::string, signing> ways{{"body-lower", {false, false}},
                                                   {"body-upper", {false, true}},
                                                   {"message-lower", {true, false}},
                                                   {"message-upper", {true, true}}};
  to.add_option_function<std::string>(
        "--push-signature",
        [&set](const std::string& word) {
          set.sign_message = ways.at(word).message;
          set.upper_case = ways.at(word).upper;
        },
        "of the whole body or of the text of messageBody, in hex of that case (body-lower)")
      ->check(CLI::IsMember(ways));
  add_choice(to, "--push-body", {{"text", false}, {"object", true}}, set.message_as_object,
             "messageBody is a text that holds JSON, or an object (text)");
  add_choice(to, "--push-number", {{"1688", false}, {"platform", true}}, set.platform_number,
             "orderId is 1688's number or PandaPon's id (1688)");
}

void add_mishap_flags(CLI::App& to, push_rules& set) {
  const auto share = [&to](const char* flag, std::uint32_t& out, const char* what) {
    add(to, flag, "PERCENT", what, [flag, &out](const std::string& text) { out = need_percentage(text, flag); });
  };
  share("--push-lose", set.lose, "of the messages are never sent");
  share("--push-twice", set.twice, "of the messages are sent twice");
  share("--push-wrong", set.wrong, "of the messages have a wrong signature, each time they are sent");
  add(to, "--push-late", "PERCENT,DUR", "that share of the messages is sent up to DUR later",
      [&set](const std::string& text) {
        const auto parts = split(text, ',');
        if (parts.size() != 2) throw std::runtime_error("--push-late: invalid value; use PERCENT,DUR");
        set.late = need_percentage(parts[0], "--push-late");
        set.late_ms = need_duration(parts[1], "--push-late");
      });
}

}  // namespace

void add_push_flags(CLI::App& app, push_rules& set) {
  CLI::App& to = *app.add_option_group("Push messages");
  auto* url = add(to, "--push", "URL", "every change of an order is posted there: http://HOST:PORT/PATH, or https",
                  [&set](const std::string& text) { set.target = read_push_target(text); });
  to.add_option("--push-ca", set.ca_file, "the certificates that https trusts, PEM; by default the system's");
  add_form_flags(to, set);
  add_mishap_flags(to, set);
  add_duration(to, "--push-timeout", set.timeout_ms, "an answer that takes longer counts as none (1s)");
  add(to, "--push-retry", "DUR", "after that long an unacknowledged message comes again (30m)",
      [&set](const std::string& text) {
        set.retry_ms = need_duration(text, "--push-retry");
        if (set.retry_ms == 0) throw std::runtime_error("--push-retry: at least 1ms");
      });
  to.add_option("--push-tries", set.tries, "it comes again that often, at most")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  to.add_flag("--push-verify", set.verify, "a verification request at the start");
  for (CLI::Option* option : to.get_options())
    if (option != url) option->needs(url);
}

}  // namespace pandapon_sim
