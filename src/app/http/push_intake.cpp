#include "app/http/push_intake.hpp"

#include "pandapon/push/message.hpp"
#include "pandapon/push/signer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordersync::app::http {
namespace {

struct answer_row {
  std::string_view reason;
  unsigned status;
  std::string_view text;
};

// The vendor sends again what is not answered by 200; what would come back the same is not worth that, but for a
// signature: somebody has to see that it is refused.
constexpr std::array answers{
    answer_row{"stored", 200, "stored\n"},
    answer_row{"other", 200, "no order message, nothing to do\n"},
    answer_row{"invalid", 400, "invalid message: it must be one JSON object, at most 64 KiB and 16 levels deep\n"},
    answer_row{"signature", 401,
               "the signature is wrong or missing: the Authorization header must be "
               "HEX(HMAC-SHA256(message body, access secret)) of a configured account\n"},
    answer_row{"rate", 503, "too many messages; send it again\n"},
    answer_row{"queue", 503, "too many messages wait for the database; send it again\n"},
    answer_row{"database", 503, "the database did not answer in time; send it again\n"},
};

}  // namespace

std::vector<push_secret> push_secrets_of(const setup::configuration& from) {
  std::vector<push_secret> secrets;
  for (std::size_t i = 0; i < from.settings.accounts.size(); ++i) {
    const auto bytes = from.secrets.access_secrets.at(i).reveal();
    secrets.push_back({from.settings.accounts[i].name, config::secret{std::vector<char>(bytes.begin(), bytes.end())}});
  }
  return secrets;
}

judged_push judge_push(const service::http_request& request, const std::vector<push_secret>& secrets) {
  using sort = pandapon::push::message::sort;
  auto read = pandapon::push::read_message(request.body);
  if (read.what != sort::order) return {std::nullopt, read.what == sort::other ? "other" : "invalid"};
  std::vector<std::string_view> texts{request.body};
  if (read.inner) texts.emplace_back(*read.inner);
  std::vector<std::string_view> keys;
  for (const auto& one : secrets) keys.push_back(one.secret.reveal());
  const auto signer = pandapon::push::signer_of(request.authorization, texts, keys);
  if (!signer) return {std::nullopt, "signature"};
  auto& hint = read.hint;
  return {store::push::new_message{.account = secrets[*signer].account,
                                   .type = std::move(hint.type),
                                   .about = {std::move(hint.order_id), std::move(hint.order_no)},
                                   .sent_at = hint.sent_at},
          {}};
}

service::http_answer push_answer(std::string_view reason) {
  const auto* row = std::ranges::find(answers, reason, &answer_row::reason);
  service::http_answer answer{.status = row->status, .body = std::string{row->text}};
  if (row->status == 503) answer.headers.emplace_back("Retry-After", "60");
  return answer;
}

}  // namespace ordersync::app::http
