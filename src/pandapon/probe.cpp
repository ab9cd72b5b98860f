#include "pandapon/probe.hpp"

#include "pandapon/decode/decode.hpp"
#include "pandapon/http/http_date.hpp"
#include "pandapon/http/https_client.hpp"
#include "pandapon/http/tls.hpp"
#include "pandapon/reply/verdict.hpp"

#include <utility>

namespace ordersync::pandapon {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

shown_page summary_of(const reply::page_slices& slices, core::instant at) {
  const auto decoded = decode::decode_page(slices, at);
  shown_page page{.total = decoded.total, .rows = static_cast<std::int64_t>(decoded.rows()), .orders = {}};
  for (const auto& order : decoded.orders) page.orders.push_back({order.id, order.created_at, order.tb_created_at});
  return page;
}

class https_probe final : public api_probe {
 public:
  https_probe(asio::any_io_executor executor, http::https_settings https, std::string path, random_source random,
              core::log& log)
      : executor_(std::move(executor)),
        https_(std::move(https)),
        path_(std::move(path)),
        random_(std::move(random)),
        client_(std::make_shared<http::https_client>(executor_, https_, log)) {}
  https_probe(const https_probe&) = delete;
  https_probe& operator=(const https_probe&) = delete;
  ~https_probe() override { client_->close(); }

  asio::awaitable<core::result<std::vector<std::string>>> addresses(deadline limit) override {
    auto hop = http::first_hop_of(https_.address, https_.proxy);
    const auto found = co_await resolver_.resolve(std::move(hop), limit);
    if (!found) co_return found.error();
    std::vector<std::string> texts;
    for (const auto& endpoint : *found) texts.push_back(endpoint.address().to_string());
    co_return texts;
  }

  asio::awaitable<core::result<handshake_facts>> shake_hands(deadline limit) override {
    auto hop = http::first_hop_of(https_.address, https_.proxy);
    const auto found = co_await resolver_.resolve(std::move(hop), limit);
    if (!found) co_return found.error();
    http::https_connection connection(executor_, https_.tls, https_.address, https_.proxy, https_.max_body);
    shaking_ = &connection;
    const auto opened = co_await connection.open(*found, limit);
    shaking_ = nullptr;
    if (!opened) co_return opened.error();
    handshake_facts facts{connection.describe_tls(), connection.peer().to_string()};
    connection.close();
    co_return facts;
  }

  asio::awaitable<probe_answer> ask(probe_question question, probe_manner manner, deadline limit) override {
    auto headers = system_headers(manner.who, manner.style, manner.now, random_);
    if (!headers) co_return probe_answer{headers.error()};
    auto body = exact_body(question.range, question.page_size, question.status, manner.style);
    const auto sent = steady_clock::now();
    const auto reply = co_await client_->post(path_, std::move(*headers), std::move(body), limit);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - sent);
    if (!reply) co_return probe_answer{reply.error(), std::nullopt, took};
    const auto server_time = http::parse_http_date(reply->date);
    const auto slices = reply::assess(*reply, std::chrono::floor<std::chrono::seconds>(manner.now));
    if (!slices) co_return probe_answer{slices.error(), server_time, took};
    co_return probe_answer{summary_of(*slices, manner.now), server_time, took};
  }

  void close() noexcept override {
    resolver_.cancel();
    client_->close();
    if (shaking_ != nullptr) shaking_->close();
  }

 private:
  asio::any_io_executor executor_;
  http::https_settings https_;
  std::string path_;
  random_source random_;
  http::host_resolver resolver_;
  std::shared_ptr<http::https_client> client_;
  http::https_connection* shaking_ = nullptr;
};

}  // namespace

core::result<std::unique_ptr<api_probe>> make_api_probe(asio::any_io_executor executor, const source_settings& settings,
                                                        random_source random, core::log& log) {
  auto tls = http::make_tls_context(settings.ca_file);
  if (!tls) return tls.error();
  http::https_settings https{.address = settings.base_url,
                             .proxy = settings.proxy,
                             .max_body = settings.max_response_bytes,
                             .tls = std::move(*tls)};
  return std::unique_ptr<api_probe>(
      std::make_unique<https_probe>(std::move(executor), std::move(https), settings.path, std::move(random), log));
}

}  // namespace ordersync::pandapon
