#include "cli/commands/publishing/check_format.hpp"

#include <array>

namespace devy::cli {
namespace {

using snapshot::FileError;

std::string path_below(const std::string& folder, const std::string& path) {
  const bool is_root = folder.empty() || folder == "." || folder == "./";
  if (is_root || folder.starts_with('/')) return path;
  return folder + (folder.ends_with('/') ? "" : "/") + path;
}

// GitHub's runner takes line ends, percent signs and, in properties, colons and commas as its own.
std::string annotation_text(const std::string& text, bool is_property) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
      case '%': escaped += "%25"; break;
      case '\r': escaped += "%0D"; break;
      case '\n': escaped += "%0A"; break;
      case ':': escaped += is_property ? "%3A" : ":"; break;
      case ',': escaped += is_property ? "%2C" : ","; break;
      default: escaped += character;
    }
  }
  return escaped;
}

std::string annotation(const char* level, const FileError& finding, const std::string& folder) {
  auto line = std::string("::") + level +
              " file=" + annotation_text(path_below(folder, finding.path), true);
  if (finding.line > 0) line += ",line=" + std::to_string(finding.line);
  if (finding.column > 0) line += ",col=" + std::to_string(finding.column);
  return line + "::" + annotation_text(finding.message, false) + "\n";
}

// A URI: what is no letter, digit or one of a few signs is written by its bytes.
std::string uri_of(const std::string& path) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri;
  for (const char character : path) {
    const unsigned byte = static_cast<unsigned char>(character);
    if (plain.find(character) != std::string_view::npos) uri += character;
    else uri.append("%").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
  }
  return uri;
}

Json sarif_result(const char* level, const char* rule, const FileError& finding,
                  const std::string& folder) {
  auto location = Json::object(
      {{"artifactLocation", Json::object({{"uri", uri_of(path_below(folder, finding.path))},
                                          {"uriBaseId", "%SRCROOT%"}})}});
  if (finding.line > 0) {
    auto region = Json::object({{"startLine", finding.line}});
    if (finding.column > 0) region.set("startColumn", finding.column);
    location.set("region", region);
  }
  auto locations = Json::array();
  locations.push(Json::object({{"physicalLocation", location}}));
  return Json::object({{"ruleId", rule},
                       {"level", level},
                       {"message", Json::object({{"text", finding.message}})},
                       {"locations", locations}});
}

Json sarif_rule(const char* id, const char* text) {
  return Json::object({{"id", id}, {"shortDescription", Json::object({{"text", text}})}});
}

}  // namespace

std::string github_annotations(const upload::CheckReport& report, const std::string& folder) {
  std::string text;
  for (const auto& error : report.file_errors)
    text += annotation("error", error, folder);
  for (const auto& warning : report.warnings)
    text += annotation("warning", warning, folder);
  return text;
}

Json sarif_document(const upload::CheckReport& report, const std::string& folder) {
  auto results = Json::array();
  for (const auto& error : report.file_errors)
    results.push(sarif_result("error", "file_error", error, folder));
  for (const auto& warning : report.warnings)
    results.push(sarif_result("warning", "warning", warning, folder));
  auto rules = Json::array();
  rules.push(sarif_rule("file_error", "The file cannot be published as it is."));
  rules.push(sarif_rule("warning", "The file is published, but something in it is doubtful."));
  const auto driver =
      Json::object({{"name", "devy-upload"}, {"version", DEVY_VERSION}, {"rules", rules}});
  auto runs = Json::array();
  runs.push(Json::object({{"tool", Json::object({{"driver", driver}})}, {"results", results}}));
  return Json::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                       {"version", "2.1.0"},
                       {"runs", runs}});
}

}  // namespace devy::cli
