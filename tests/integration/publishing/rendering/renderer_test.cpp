// Rendering in a real child: what hurts one file must not hurt its neighbours.
#include "core/publishing/rendering/renderer.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::rendering {
namespace renderer_test {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

// What each file came to: its HTML, or its error.
std::vector<std::string> render_all(std::vector<post::SourceFile> files,
                                    const config::Limits& limits = {}) {
  std::vector<std::string> results;
  std::size_t next = 0;
  render_files(
      limits, {},
      [&]() -> std::optional<post::SourceFile> {
        if (next == files.size()) return std::nullopt;
        return std::move(files[next++]);
      },
      [&](post::Rendered&& rendered) {
        if (auto* document = std::get_if<post::Document>(&rendered.result))
          results.push_back(rendered.path + ": " + document->html);
        else results.push_back(snapshot::to_string(std::get<snapshot::FileError>(rendered.result)));
      });
  return results;
}

config::Limits one_second() {
  config::Limits limits;
  limits.render_cpu = std::chrono::seconds{1};
  return limits;
}

// Lists indented below lists, then lines that each have to be held against all of them: quadratic,
// and nothing that a look ahead would notice.
std::string deep_lists() {
  std::string text;
  for (std::size_t depth = 0; depth < 40; ++depth)
    text += repeat("  ", depth * 100) + repeat("- ", 100) + "x\n";
  return text + std::string(340'000, '\n');
}

// Renders `text` between two innocent files and gives back what it came to.
std::string between_others(std::string text, const config::Limits& limits) {
  const auto results =
      render_all({{"a.md", "one"}, {"bad.md", std::move(text)}, {"c.md", "three"}}, limits);
  EXPECT_EQ(results.size(), 3U);
  EXPECT_EQ(results.front(), "a.md: <p>one</p>\n");
  EXPECT_EQ(results.back(), "c.md: <p>three</p>\n");
  return results.at(1);
}

TEST(Renderer, GivesResultsInTheOrderOfTheFiles) {
  std::vector<post::SourceFile> files;
  std::vector<std::string> expected;
  for (int i = 0; i < 500; ++i) {
    const auto name = std::to_string(i);
    // Lengths from nothing to more than may be in flight at once.
    const auto words = repeat("word ", static_cast<std::size_t>(i * i) % 30'000) + "end" + name;
    files.push_back({name + ".md", words});
    expected.push_back(name + ".md: <p>" + words + "</p>\n");
  }
  EXPECT_EQ(render_all(files), expected);
}

TEST(Renderer, GivesTheBodyAsMarkdown) {
  std::vector<post::SourceFile> files{{"a.md", "---\ntitle: A\n---\n\nbody\n"}};
  std::string markdown;
  render_files(
      {}, {},
      [&]() -> std::optional<post::SourceFile> {
        if (files.empty()) return std::nullopt;
        auto file = std::move(files.back());
        files.pop_back();
        return file;
      },
      [&](post::Rendered&& rendered) {
        markdown = std::get<post::Document>(rendered.result).markdown;
      });
  EXPECT_EQ(markdown, "\nbody\n");
}

TEST(Renderer, StartsNoChildForNoFiles) {
  EXPECT_TRUE(render_all({}).empty());
}

TEST(Renderer, ReportsAFileThatIsTooLarge) {
  config::Limits limits;
  limits.markdown_file_bytes_max = 1'024;
  EXPECT_EQ(between_others(std::string(5'000'000, 'x'), limits),
            "bad.md: file is larger than 1 KiB");
}

TEST(Renderer, ReportsHtmlThatIsTooLarge) {
  config::Limits limits;
  limits.html_bytes_max = 1'024;
  EXPECT_EQ(between_others(repeat("> > x\n\n", 200), limits), "bad.md: HTML is larger than 1 KiB");
}

TEST(Renderer, EndsAFileAtItsCpuLimit) {
  EXPECT_EQ(between_others(deep_lists(), one_second()),
            "bad.md: rendering takes more than 1 s of CPU");
}

// Nested a hundred thousand deep: neither the parser nor the walk may need a stack for it.
TEST(Renderer, RefusesHtmlThatNestsWithoutEnd) {
  EXPECT_EQ(between_others(repeat("<div>", 100'000), one_second()),
            "bad.md: more than 2000 HTML elements are open at once");
  // The look ahead takes these for elements that close by themselves.
  EXPECT_EQ(between_others("<div>\n" + repeat("<rt>", 100'000), one_second()),
            "bad.md: rendering takes more than 1 s of CPU");
}

#ifndef DEVY_SANITIZED  // has no limit on its address space
// Every paragraph opens all of them anew.
TEST(Renderer, EndsHtmlThatMultiplies) {
  std::string tags = "<div><p>";
  for (int i = 0; i < 1'900; ++i)
    tags += "<i id=" + std::to_string(i) + ">";
  EXPECT_EQ(between_others(tags + repeat("<p>x", 100'000), {}),
            "bad.md: rendering needs more than 256 MiB of memory");
}

TEST(Renderer, EndsAFileAtItsMemoryLimit) {
  config::Limits limits;
  limits.markdown_file_bytes_max = 64 * config::mebibyte;
  EXPECT_EQ(between_others(repeat("*a* ", 4'000'000), limits),
            "bad.md: rendering needs more than 256 MiB of memory");
}
#endif

// What takes cmark-gfm quadratic time or memory (traps.md), in about so many bytes.
std::vector<std::pair<const char*, std::string>> quadratic_texts(std::size_t bytes) {
  const auto filled = [&](std::string_view text) { return repeat(text, bytes / text.size()); };
  const std::size_t columns = bytes / 6;
  return {
      {"containers", repeat(" -", bytes / 3) + "x" + std::string(bytes / 3, '\n')},
      {"quotes", repeat(">", bytes / 2) + "x\n" + repeat(">\n", bytes / 4)},
      {"table",
       repeat("|a", columns) + "\n" + repeat("|-", columns) + "\n" + repeat("a\n", columns)},
      {"references", "[a]: /" + std::string(bytes / 2, 'x') + "\n\n" + repeat("[a]\n", bytes / 8)},
      {"images", filled("![[]()")},
      {"instructions", filled("a <?")},
      {"declarations", filled("a <!A ")},
      {"cdata", filled("a <![CDATA[")},
  };
}

config::Limits one_second_a_large_file() {
  auto limits = one_second();
  limits.markdown_file_bytes_max = 2 * config::mebibyte;
  return limits;
}

TEST(Renderer, SurvivesQuadraticInput) {
  for (const auto& [name, text] : quadratic_texts(1'000'000)) {
    const auto result = between_others(text, one_second_a_large_file());
    EXPECT_FALSE(result.starts_with("bad.md: <")) << name << ": " << result.substr(0, 200);
  }
}

TEST(Renderer, SurvivesSmallerQuadraticInput) {
  // Some of these are fast enough; what counts is that none holds up the others.
  for (const auto& [name, text] : quadratic_texts(50'000))
    EXPECT_TRUE(between_others(text, one_second_a_large_file()).starts_with("bad.md:")) << name;
}

TEST(Renderer, StopsWhenAsked) {
  std::stop_source stop;
  int given = 0;
  try {
    render_files(
        {}, {},
        [&] {
          return std::optional(post::SourceFile{"a.md", "a"});
        },
        [&](post::Rendered&&) {
          if (++given == 3) stop.request_stop();
        },
        stop.get_token());
    FAIL() << "went on";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::stopped);
  }
  EXPECT_EQ(given, 3);
}

TEST(Renderer, StopsWhileAFileTakesItsTime) {
  std::stop_source stop;
  config::Limits limits;
  limits.render_cpu = std::chrono::seconds{60};
  std::vector<post::SourceFile> files{{"slow.md", deep_lists()}, {"a.md", "a"}};
  EXPECT_THROW(render_files(
                   limits, {},
                   [&]() -> std::optional<post::SourceFile> {
                     if (files.empty()) return std::nullopt;
                     auto file = std::move(files.back());
                     files.pop_back();
                     return file;
                   },
                   [&](post::Rendered&&) { stop.request_stop(); }, stop.get_token()),
               base::Error);
}

// The confined child reads the zone's file itself, when the first document needs it.
TEST(Renderer, KnowsTimeZonesWhereItIsConfined) {
  std::optional<post::SourceFile> file{{"a.md", "---\ndate: 2090-07-01 12:00\n---\na"}};
  std::optional<base::TimePoint> at;
  render_files(
      {}, {.timezone = "America/New_York"}, [&] { return std::exchange(file, std::nullopt); },
      [&](post::Rendered&& rendered) {
        if (auto* document = std::get_if<post::Document>(&rendered.result))
          at = document->date.value().at;
      });
  EXPECT_EQ(at, base::parse_rfc3339("2090-07-01T16:00:00Z"));
}

TEST(Renderer, PassesOnWhatACallbackThrows) {
  EXPECT_THROW(render_files(
                   {}, {},
                   [] {
                     return std::optional(post::SourceFile{"a.md", "a"});
                   },
                   [](post::Rendered&&) { throw std::runtime_error("enough"); }),
               std::runtime_error);
}

}  // namespace renderer_test
}  // namespace devy::rendering
