#include "house/links.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace ordersync::house {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw std::runtime_error{"cannot read " + file.string()};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// All lines; those of code blocks are empty.
std::vector<std::string> prose_of(const std::string& markdown) {
  std::vector<std::string> lines;
  std::istringstream in{markdown};
  bool in_code = false;
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find_first_not_of(' ');
    const bool fence = begin != std::string::npos && line.compare(begin, 3, "```") == 0;
    if (fence) in_code = !in_code;
    lines.push_back(in_code || fence ? std::string{} : line);
  }
  return lines;
}

std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      anchor += '-';
    } else if (byte >= 0x80 || c == '-' || c == '_') {
      anchor += c;
    } else if (std::isalnum(byte) != 0) {
      anchor += static_cast<char>(std::tolower(byte));
    }
  }
  return anchor;
}

bool leads_elsewhere(const std::string& target) {
  return target.starts_with("https://") || target.starts_with("http://") || target.starts_with("mailto:");
}

}  // namespace

std::vector<std::string> markdown_files(const fs::path& root) {
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at{root}, end; at != end; ++at) {
    const auto name = at->path().filename().string();
    if (at->is_directory()) {
      if (name.starts_with(".") || name == "build" || name == "node_modules") at.disable_recursion_pending();
    } else if (at->path().extension() == ".md") {
      files.push_back(at->path().lexically_relative(root).generic_string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> links_in(const std::string& markdown) {
  static const std::regex code_span{"`[^`]*`"};
  static const std::regex link{R"re(\]\(([^)\s]*))re"};
  std::vector<std::string> targets;
  for (const auto& line : prose_of(markdown)) {
    const auto prose = std::regex_replace(line, code_span, "");
    for (std::sregex_iterator at{prose.begin(), prose.end(), link}, end; at != end; ++at)
      targets.push_back((*at)[1].str());
  }
  return targets;
}

std::set<std::string> anchors_in(const std::string& markdown) {
  std::map<std::string, int> times;
  std::set<std::string> anchors;
  for (const auto& line : prose_of(markdown)) {
    const auto level = line.find_first_not_of('#');
    if (level == std::string::npos || level == 0 || level > 6 || line[level] != ' ') continue;
    const auto anchor = anchor_of(std::string_view{line}.substr(level + 1));
    const auto before = times[anchor]++;
    anchors.insert(before == 0 ? anchor : anchor + "-" + std::to_string(before));
  }
  return anchors;
}

std::optional<std::string> fault_of_link(const fs::path& root, const fs::path& document, const std::string& target) {
  if (leads_elsewhere(target)) return std::nullopt;
  const auto hash = target.find('#');
  const fs::path path{target.substr(0, hash)};
  const auto file = path.empty() ? document : (document.parent_path() / path).lexically_normal();
  if (path.is_absolute() || file.empty() || *file.begin() == fs::path{".."}) return "it leads out of the tree";
  if (!fs::exists(root / file)) return "there is no " + file.generic_string();
  if (hash == std::string::npos) return std::nullopt;
  const auto anchor = target.substr(hash + 1);
  if (file.extension() == ".md" && anchors_in(text_of(root / file)).contains(anchor)) return std::nullopt;
  return file.generic_string() + " has no heading for #" + anchor;
}

std::vector<std::string> dead_links(const fs::path& root) {
  std::vector<std::string> dead;
  for (const auto& document : markdown_files(root)) {
    for (const auto& target : links_in(text_of(root / document))) {
      if (const auto fault = fault_of_link(root, document, target))
        dead.push_back(document + ": link " + target + ": " + *fault);
    }
  }
  return dead;
}

}  // namespace ordersync::house
