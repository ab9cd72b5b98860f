#include "app/alerts/webhook.hpp"

#include "app/setup/wiring.hpp"
#include "pandapon/http/tls.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::app::alerts {
namespace {

namespace asio = boost::asio;

// A robot answers with a line.
constexpr std::uint64_t most_bytes = 64U << 10U;

// The transport logs the path of a request, which is the secret here.
class no_log final : public core::log {
 public:
  void write(core::severity /*level*/, std::string_view /*event*/,
             std::initializer_list<core::log_field> /*fields*/) noexcept override {}
};

core::log& silence() {
  static no_log log;
  return log;
}

pandapon::http::server_names names_without_url() {
  return {.server = "the webhook's host",
          .address = "the webhook's URL",
          .ca_file = "ca_file of this alert",
          .timeout = fmt::format("{} s", longest_delivery.count())};
}

config::secret copy_of(const config::secret& of) {
  const auto bytes = of.reveal();
  return config::secret(std::vector<char>(bytes.begin(), bytes.end()));
}

}  // namespace

origin origin_of(const setup::configuration& from, std::string host, std::string version) {
  return {.host = std::move(host),
          .database = database_name(from.settings.database.url),
          .version = std::move(version),
          .zone = std::chrono::duration_cast<std::chrono::minutes>(from.settings.api.time_zone)};
}

core::result<std::unique_ptr<webhook>> webhook::make(const asio::any_io_executor& executor,
                                                     const setup::configuration& from, std::size_t index,
                                                     origin sender) {
  const auto& alert = from.settings.alerts.at(index);
  const auto& secrets = from.secrets.alerts.at(index);
  auto address = config::parse_webhook(secrets.webhook.reveal());
  if (!address) return core::make_error(core::failure::defect, "the URL of a webhook was not checked");
  auto tls = pandapon::http::make_tls_context(alert.ca_file.string(), "alerts[].ca_file");
  if (tls.has_error()) return tls.error();
  auto proxy = setup::proxy_access_of(from, address->server.host);
  if (proxy.has_error()) return proxy.error();
  std::unique_ptr<webhook> made(new webhook);
  made->name_ = alert.webhook.text;
  made->format_ = alert.format;
  made->address_ = std::move(*address);
  if (secrets.signing) made->signing_ = copy_of(*secrets.signing);
  made->sender_ = std::move(sender);
  made->client_ =
      std::make_shared<pandapon::http::https_client>(executor,
                                                     pandapon::http::https_settings{.address = made->address_.server,
                                                                                    .proxy = std::move(*proxy),
                                                                                    .max_body = most_bytes,
                                                                                    .tls = std::move(*tls),
                                                                                    .names = names_without_url()},
                                                     silence());
  return made;
}

asio::awaitable<delivery> webhook::send(const message& m, core::instant now) {
  auto request = request_of(format_, address_.target, signing_.reveal(), m, sender_, now);
  std::vector<std::pair<std::string, std::string>> headers;
  const auto limit = std::chrono::steady_clock::now() + longest_delivery;
  auto posting = client_->post(std::move(request.target), std::move(headers), std::move(request.body), limit);
  const auto reply = co_await std::move(posting);
  co_return reply.has_error() ? failed(reply.error()) : delivery_of(format_, *reply);
}

delivery webhook::failed(const core::error& why) const {
  // The transport says so of a reply of status 200 with more than most_bytes.
  if (why.remedy == core::remedy::ask_smaller) {
    if (!has_code(format_)) return {delivery_state::accepted, {}, std::nullopt};
    return {delivery_state::rejected, "the reply has more than 64 KiB, so it is not one of this format; check the URL",
            std::nullopt};
  }
  return {delivery_state::again, why.what, why.retry_after};
}

}  // namespace ordersync::app::alerts
