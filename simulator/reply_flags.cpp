#include "flag_adding.hpp"

namespace pandapon_sim {
namespace {

void add_encoding_flags(CLI::App& to, reply_rules& set) {
  static const std::map<std::string, encoding> encodings{{"gzip", encoding::gzip},
                                                         {"deflate", encoding::deflate},
                                                         {"raw-deflate", encoding::raw_deflate},
                                                         {"br", encoding::br}};
  add_choice(to, "--gzip", encodings, set.as, "replies have that Content-Encoding, whatever was requested (gzip)")
      ->expected(0, 1)
      ->default_str("gzip");
  auto* close = to.add_flag("--close-delimited", set.close_delimited, "the end of the connection ends a reply");
  to.add_flag("--close-delimited-rude", set.close_delimited_rude, "the same, without TLS close_notify")
      ->excludes(close);
}

void add_date_flags(CLI::App& to, gate_rules& set) {
  auto* skew = add(to, "--date-skew", "D[,D...]",
                   "the Date header is that much ahead; several values are used in turn: --date-skew=8h,-8h",
                   [&set](const std::string& text) {
                     for (const std::string& part : split(text, ','))
                       set.date_skews_ms.push_back(need_signed_duration(part, "--date-skew"));
                   });
  auto* fixed = add(to, "--date-fixed", "TIME", "the Date header is always that time",
                    [&set](const std::string& text) { set.date_fixed = need_time(text, "--date-fixed"); });
  fixed->excludes(skew);
  to.add_flag("--no-date", set.no_date, "there is no Date header")->excludes(skew)->excludes(fixed);
}

void add_challenge_flags(CLI::App& to, gate_rules& set) {
  auto* status = to.add_option("--challenge", set.challenge_status,
                               "an HTML browser check with that HTTP status instead of every reply")
                     ->check(CLI::IsMember({403, 200}));
  add_duration(to, "--challenge-from", set.challenge_from_ms, "from that moment on only")->needs(status);
  add_duration(to, "--challenge-for", set.challenge_for_ms, "for that long only")->needs(status);
}

}  // namespace

void add_reply_flags(CLI::App& to, reply_rules& set) {
  static const std::map<std::string, std::string> leads{{"none", ""}, {"bom", "\xef\xbb\xbf"}, {"newline", "\n"}};
  add_encoding_flags(to, set);
  auto* null = add_switch(to, "--null-empty", set.empty, empty_data::null, "data of an empty page is null");
  add_switch(to, "--absent-empty", set.empty, empty_data::absent, "an empty page has no data")->excludes(null);
  add_choice(to, "--leading", leads, set.leading, "what precedes the JSON");
  to.add_option("--fat", set.fat, "every order is padded to about that many bytes: 4096, 64KiB")
      ->transform(CLI::AsSizeValue(false))
      ->type_name("BYTES");
}

void add_gate_flags(CLI::App& to, gate_rules& set) {
  static const std::map<std::string, throttle> ways{{"429", throttle::status_429}, {"503", throttle::status_503},
                                                    {"code", throttle::code},      {"code400", throttle::code_400},
                                                    {"qos", throttle::qos},        {"qos400", throttle::qos_400},
                                                    {"unknown", throttle::unknown}};
  add_choice(to, "--throttle-as", ways, set.refuse_as,
             "how --rate-limit refuses: HTTP 429 with Retry-After, 503 without, code 50010 or 1688's "
             "gw.QosAppFrequencyLimit as 200 or 400, or an unknown code as 200 (429)");
  add_challenge_flags(to, set);
  add_date_flags(to, set);
}

}  // namespace pandapon_sim
