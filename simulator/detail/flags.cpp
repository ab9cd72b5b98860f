#include "flag_adding.hpp"

namespace pandapon_sim {

void add_detail_flags(CLI::App& app, detail_rules& set, recipe& data) {
  CLI::App& to = *app.add_option_group("Order detail");
  const auto refusal = [&to](const char* flag, refused_as& out, const char* what) {
    add_choice(to, flag, {{"status", refused_as::status}, {"code", refused_as::code}, {"gateway", refused_as::gateway}},
               out, what);
  };
  refusal("--detail-refused", set.refuse, "the app may not call it: HTTP 403, code 403, or gw.APIACLDecline");
  refusal("--refunds-refused", set.refuse_refunds, "the same of what it says of refunds alone");
  add_duration(to, "--detail-lag", set.lag_ms, "the detail shows each order as it was that long ago");
  const auto share = [&to](const char* flag, std::uint32_t& out, const char* what) {
    add(to, flag, "PERCENT", what, [flag, &out](const std::string& text) { out = need_percentage(text, flag); });
  };
  share("--detail-wrong", set.wrong, "of the replies are about another order");
  share("--detail-broken", set.broken, "of the orders have no detail and no refund but code 500");
  share("--detail-denied", set.denied, "of the orders the app may not see the detail, nor the refund: HTTP 403");
  share("--detail-thirds", data.detail_thirds, "of the amounts have a third decimal, which is no money");
  share("--detail-words", data.detail_words, "of the orders have a status word that nobody documents");
  to.add_flag("--detail-numbers", data.detail_numbers, "ids are numbers");
}

}  // namespace pandapon_sim
