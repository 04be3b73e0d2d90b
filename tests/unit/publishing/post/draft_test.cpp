// Who is not sure that a post may be seen hides it: draft-like keys, doubts and contradictions.
#include "core/publishing/post/draft.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/config/config.hpp"

namespace devy::post {
namespace draft_test {

FrontMatter read(const std::string& block) {
  const auto result = read_front_matter("---\n" + block + "\n---\n", Timezone(),
                                        config::Limits{}.front_matter_bytes_max);
  if (const auto* problem = std::get_if<FrontMatterProblem>(&result))
    ADD_FAILURE() << block << ": " << problem->message;
  return std::holds_alternative<FrontMatter>(result) ? std::get<FrontMatter>(result)
                                                     : FrontMatter{};
}

TEST(Draft, IsWhatAnAuthorSaidNoTo) {
  for (const char* line :
       {"draft: true",       "Draft: TRUE",       "is_draft: yes",    "isDraft: on",
        "draft: 1",          "draft: 'true'",     "published: false", "publish: false",
        "publish: no",       "is-published: 0",   "status: draft",    "status: Draft 2",
        "status: [draft]",   "status: private",   "ignorePost: true", "ignore_post: true",
        "saveAsDraft: true", "unpublished: true", "private: true",    "visibility: private"}) {
    const auto matter = read(line);
    EXPECT_TRUE(matter.is_draft) << line;
    EXPECT_TRUE(matter.warnings.empty()) << line;
  }
}

TEST(Draft, IsNothingElse) {
  for (const char* line :
       {"draft: false", "draft:", "draft: ''", "published: true", "published: 2024-01-02",
        "published: 2024", "published:", "publish: yes", "status: published", "status: evergreen",
        "status: [a, b]", "ignorePost: false", "saveAsDraft: false", "private: no",
        "visibility: public"}) {
    const auto matter = read(line);
    EXPECT_FALSE(matter.is_draft) << line;
    EXPECT_TRUE(matter.warnings.empty()) << line;
  }
}

TEST(Draft, IsHiddenWithAWarningInDoubt) {
  for (const char* line : {"draft: maybe", "draft: [true]", "draft: {a: b}", "published: soon",
                           "publish: 7", "ignorePost: perhaps", "draft: \"\\e[2J\""}) {
    const auto matter = read("title: x\n" + std::string(line));
    EXPECT_TRUE(matter.is_draft) << line;
    ASSERT_EQ(matter.warnings.size(), 1U) << line;
    EXPECT_EQ(matter.warnings[0].place.line, 3U) << line;
  }
  EXPECT_EQ(read("draft: maybe").warnings[0].message,
            "'draft: maybe' is neither true nor false, so the post is hidden as a draft; write "
            "'true' or 'false'");
}

TEST(Draft, IsHiddenWhereTwoKeysDisagree) {
  for (const char* block :
       {"draft: false\npublished: false", "published: true\ndraft: true",
        "publish: true\nstatus: draft", "draft: true\nis_draft: false", "draft: true\ndraft: false",
        "draft: false\nDraft: true", "ignorePost: true\ndraft: no"}) {
    const auto matter = read(block);
    EXPECT_TRUE(matter.is_draft) << block;
    EXPECT_FALSE(matter.warnings.empty()) << block;
  }
  EXPECT_EQ(read("draft: false\npublished: false").warnings[0].message,
            "'published: false' and 'draft: false' disagree, so the post is hidden as a draft");
}

}  // namespace draft_test
}  // namespace devy::post
