#include "tests/integration/publishing/markdown/specification.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace devy::testing {
namespace {

constexpr auto github_file = "/usr/share/doc/cmark-gfm/spec.txt.gz";
constexpr auto commonmark_file = "/usr/share/gocode/src/github.com/yuin/goldmark/_test/spec.json";

void require(const std::string& file) {
  if (!std::filesystem::exists(file))
    throw std::runtime_error(file + " is not there; scripts/install-deps installs it");
}

struct Closer {
  void operator()(std::FILE* file) const { pclose(file); }
};

std::string unzipped(const std::string& file) {
  require(file);
  const std::unique_ptr<std::FILE, Closer> pipe(popen(("gzip -dc " + file).c_str(), "r"));
  std::string text;
  std::array<char, 65'536> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), count);
  return text;
}

// The specification writes a tab as an arrow.
std::string with_tabs(std::string text) {
  const std::string arrow = "→";
  for (auto at = text.find(arrow); at != std::string::npos; at = text.find(arrow, at))
    text.replace(at, arrow.size(), "\t");
  return text;
}

// Examples stand between fences of 32 backticks; a line with a dot parts Markdown from HTML.
std::vector<Example> read_examples(const std::string& text) {
  enum class Part { prose, markdown, html };
  const std::string fence(32, '`');
  std::vector<Example> examples;
  Part part = Part::prose;
  std::string section;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (part == Part::prose && line.starts_with('#')) {
      section = line.substr(line.find_first_not_of("# "));
    } else if (part == Part::prose && line.starts_with(fence + " example")) {
      part = Part::markdown;
      examples.push_back({static_cast<int>(examples.size()) + 1, section, "", ""});
    } else if (part != Part::prose && line == fence) {
      part = Part::prose;
    } else if (part == Part::markdown && line == ".") {
      part = Part::html;
    } else if (part != Part::prose) {
      auto& example = examples.back();
      (part == Part::markdown ? example.markdown : example.html) += with_tabs(line) + "\n";
    }
  }
  return examples;
}

// The file does not say its version; these examples came with one.
std::string version_of(const std::vector<Example>& examples) {
  const auto has = [&](const std::string& markdown) {
    return std::ranges::any_of(
        examples, [&](const Example& example) { return example.markdown == markdown; });
  };
  if (has("*$*alpha.\n\n*£*bravo.\n\n*€*charlie.\n")) return "0.31";
  if (has("<textarea>\n\n*foo*\n\n_bar_\n\n</textarea>\n")) return "0.30";
  throw std::runtime_error(std::string(commonmark_file) + " has another version than is known");
}

}  // namespace

Specification github_specification() {
  const auto text = unzipped(github_file);
  if (text.find("\nversion: 0.29\n") == std::string::npos)
    throw std::runtime_error(std::string(github_file) + " is not version 0.29");
  auto examples = read_examples(text);
  // Releases of cmark-gfm differ by a few.
  return {"GFM 0.29, " + std::to_string(examples.size()) + " examples", std::move(examples)};
}

Specification commonmark_specification() {
  require(commonmark_file);
  std::ifstream file(commonmark_file);
  std::vector<Example> examples;
  for (const auto& entry : nlohmann::json::parse(file))
    examples.push_back(
        {entry.at("example"), entry.at("section"), entry.at("markdown"), entry.at("html")});
  return {"CommonMark " + version_of(examples), std::move(examples)};
}

}  // namespace devy::testing
