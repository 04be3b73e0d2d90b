#include "core/publishing/rendering/render_message.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/error.hpp"

namespace devy::rendering {
namespace render_message_test {

TEST(RenderMessage, CarriesADocumentWhole) {
  const std::string text =
      "---\ntitle: t\ndate: 2024-01-02\nupdated: 2024-01-03 04:05\ntags: [a, b]\nauthors: "
      "[c]\naliases: [d]\nlang: en\n"
      "cover: data:x\ndraft: true\n---\n# T\n\n## H\n\nbody\n";
  auto rendered = post::make_document({"a.md", text}, config::Limits{}, {});
  std::string frame;
  encode(rendered.result, frame);
  const auto carried = decode_result(frame, {"a.md", text});
  const auto& before = std::get<post::Document>(rendered.result);
  const auto& after = std::get<post::Document>(carried.result);
  EXPECT_EQ(after.title, before.title);
  EXPECT_EQ(after.title_id, "user-content-t");
  EXPECT_EQ(after.date, before.date);
  EXPECT_EQ(after.updated, before.updated);
  EXPECT_EQ(after.word_count, 2U);
  EXPECT_EQ(after.tags, before.tags);
  EXPECT_EQ(after.authors, before.authors);
  EXPECT_EQ(after.aliases, before.aliases);
  EXPECT_EQ(after.lang, before.lang);
  EXPECT_EQ(after.is_draft, before.is_draft);
  EXPECT_EQ(after.front_matter_json, before.front_matter_json);
  EXPECT_EQ(after.toc_json, before.toc_json);
  EXPECT_EQ(after.markdown, before.markdown);
  EXPECT_EQ(after.html, before.html);
  EXPECT_EQ(after.warnings, before.warnings);
}

TEST(RenderMessage, RefusesOneThatIsCutShort) {
  auto rendered = post::make_document({"a.md", "text"}, config::Limits{}, {});
  std::string frame;
  encode(rendered.result, frame);
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_THROW(static_cast<void>(decode_result(frame.substr(0, size), {"a.md", "text"})),
                 base::Error);
  EXPECT_THROW(static_cast<void>(decode_result(frame + "x", {"a.md", "text"})), base::Error);
}

TEST(RenderMessage, CarriesAFileErrorWhole) {
  const std::variant<post::Document, snapshot::FileError> result =
      snapshot::FileError{"a\xff.md", 3, 4, "wrong"};
  std::string frame;
  encode(result, frame);
  const auto carried = decode_result(frame, {"b.md", "text"});
  EXPECT_EQ(carried.path, "b.md");
  EXPECT_EQ(std::get<snapshot::FileError>(carried.result), std::get<snapshot::FileError>(result));
}

TEST(RenderMessage, CarriesAFileAndItsSettings) {
  std::string frame;
  encode(post::SourceFile{"a.md", "12345"}, 3, frame);
  const auto file = decode_source(frame);
  EXPECT_EQ(file.path, "a.md");
  EXPECT_EQ(file.text, "1234");
  EXPECT_THROW(static_cast<void>(decode_source(frame + "x")), base::Error);
  RenderSetup setup;
  setup.limits.html_bytes_max = 7;
  setup.limits.render_cpu = std::chrono::seconds(9);
  setup.options.timezone = "Asia/Tokyo";
  encode(setup, frame);
  const auto carried = decode_setup(frame);
  EXPECT_EQ(carried.limits.html_bytes_max, 7U);
  EXPECT_EQ(carried.limits.render_cpu, std::chrono::seconds(9));
  EXPECT_EQ(carried.options.timezone, "Asia/Tokyo");
  EXPECT_THROW(static_cast<void>(decode_setup(frame.substr(1))), base::Error);
}

}  // namespace render_message_test
}  // namespace devy::rendering
