#pragma once
// Between Beast's messages and what handlers see: a request is looked over, an answer is written down. Pure.

#include "service/http_server.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ordersync::service {

enum class http_method { get, head, post, other };

struct http_call {
  http_method method = http_method::get;
  http_request request;
};

using http_message = boost::beast::http::request<boost::beast::http::string_body>;

// The call, or the answer that refuses it.
std::variant<http_call, http_answer> read_http_call(const http_message& message, const http_limits& limits);

// What is answered to a request that could not be read; none when there is nobody to answer to. `seen`: the bytes that
// came.
std::optional<http_answer> answer_to_unreadable(const boost::system::error_code& why, std::string_view seen);

// "405 Method Not Allowed" and a line for people.
http_answer plain_answer(unsigned status, std::string_view text);

// Status line and headers, those that every answer has included. Throws std::logic_error where the handler's headers
// would break the answer's form.
std::string http_head(const http_answer& answer, bool keep_alive);

}  // namespace ordersync::service
