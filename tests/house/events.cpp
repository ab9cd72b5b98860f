#include "house/events.hpp"

#include <regex>
#include <vector>

namespace ordersync::house {
namespace {

std::vector<std::string> quoted_words(const std::string& text) {
  static const std::regex word{R"re("([a-z][a-z0-9_]*)")re"};
  std::vector<std::string> words;
  for (std::sregex_iterator at{text.begin(), text.end(), word}, end; at != end; ++at) words.push_back((*at)[1]);
  return words;
}

// `write(LEVEL, EVENT, ...` and `report_finding(EVENT, ...`, to the end of the statement.
void read_calls(const std::string& text, logged& into) {
  static const std::regex call{R"re(\b(write|report_finding)\(([^;]*);)re"};
  static const std::regex level{R"(severity::(\w+))"};
  static const std::regex field{R"re(\{\s*"([a-z_0-9]+)"\s*,)re"};
  for (std::sregex_iterator at{text.begin(), text.end(), call}, end; at != end; ++at) {
    const auto arguments = (*at)[2].str();
    const bool finding = (*at)[1] == "report_finding";
    const auto comma = arguments.find(',');
    if (comma == std::string::npos) continue;
    const auto first = arguments.substr(0, comma);
    const auto second = finding ? first : arguments.substr(comma + 1, arguments.find(',', comma + 1) - comma - 1);
    const auto events = quoted_words(second);
    if (events.empty()) continue;
    std::smatch found;
    const bool plain = first.find('?') == std::string::npos && std::regex_search(first, found, level);
    for (const auto& event : events) into.events[event].levels.insert(plain ? found[1].str() : "?");
    for (std::sregex_iterator f{arguments.begin(), arguments.end(), field}; f != end; ++f) into.fields.insert((*f)[1]);
  }
}

}  // namespace

logged what_is_logged(const source_tree& tree) {
  logged all;
  for (const auto& [path, text] : tree) {
    const bool logs = text.find("core::log") != std::string::npos || text.find("log_") != std::string::npos ||
                      text.find("severity::") != std::string::npos;
    if (logs && !path.starts_with("core/")) read_calls(text, all);
  }
  return all;
}

}  // namespace ordersync::house
