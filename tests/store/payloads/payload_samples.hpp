#pragma once
// Payloads as the API writes them, and as it should not.

#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace ordersync::store_test {

// The order of the vendor's own example.
inline std::string vendors_order() {
  std::ifstream file(ORDERSYNC_SOURCE_DIR "/tests/pandapon/order-page-sample.json", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string before = R"({"total":1,"data":[)", after = R"(],"code":200})";
  const auto end = page.rfind(after);
  if (!page.starts_with(before) || end == std::string::npos)
    throw std::runtime_error("order-page-sample.json is not as it was");
  return page.substr(before.size(), end - before.size());
}

inline std::string escaped(const std::string& json) {
  std::string out = "\"";
  for (const char c : json) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Random JSON, the same for the same seed; strings hold JSON too, several deep.
class random_json {
 public:
  explicit random_json(unsigned seed) : random_{seed} {}

  std::string object(int depth = 0) {
    std::string out = "{";
    for (auto left = below(6); left >= 0; --left) {
      out += '"' + (below(40) == 0 ? pick({"颜色", "a b"}) : pick({"id", "name", "orderDetailInfoVOS", "x_1"})) +
             "\":" + pick({"", "", " "});
      out += value(depth + 1);
      if (left > 0) out += pick({",", ",", ", "});
    }
    return out + "}";
  }
  // Some bytes are gone, doubled or others.
  std::string damaged(std::string text) {
    for (auto times = 1 + below(4); times > 0 && !text.empty(); --times) {
      const auto at = static_cast<std::size_t>(below(static_cast<int>(text.size())));
      if (static_cast<unsigned char>(text[at]) >= 0x80) continue;  // it stays UTF-8
      switch (below(3)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, 1, text[at]);
          break;
        default:
          text[at] = pick({"\"", "\\", "{", "]", ",", "%", "\t"}).front();
      }
    }
    return text;
  }

 private:
  int below(int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random_); }
  std::string pick(const std::vector<std::string>& of) {
    return of[static_cast<std::size_t>(below(static_cast<int>(of.size())))];
  }
  std::string value(int depth) {
    switch (depth > 5 ? 4 + below(5) : below(9)) {
      case 0:
        return object(depth);
      case 1: {
        std::string out = "[";
        for (auto left = below(3); left >= 0; --left) out += value(depth + 1) + (left > 0 ? "," : "");
        return out + "]";
      }
      case 2:
        return escaped(object(depth));
      case 3:
        return escaped("[" + object(depth) + ", " + object(depth) + "]");
      case 4:
        return pick({"null", "true", "0", "-1.5e3", "1883095930064927403"});
      case 5:
        return escaped(
            pick({"https://trade.1688.com/order/offer_snapshot.htm?order_entry_id=12",
                  "http://cbu01.alicdn.com/img/ibank/O1CN01_!!0-0-cib.80x80.jpg", "http:/", "https://a b/c"}));
      case 6:
        return "\"\"";
      default:
        return escaped(pick({"100%s", "%1$s%%", "back\\slash", "a \"quoted\" word", "[1", "{not json}", "品牌 童装",
                             "\\", "\\\"", "ends in \\\\"}));
    }
  }

  std::mt19937 random_;
};

}  // namespace ordersync::store_test
