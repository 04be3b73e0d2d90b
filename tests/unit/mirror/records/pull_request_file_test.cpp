// Documents of the files of a pull request.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace pull_request_file_test {

using testing::column;
using testing::columns;
using testing::scoped_origin;

Records file_of(std::string_view text, const Origin& origin = testing::api_origin()) {
  Records records;
  process_pull_request_file(testing::document(text), {.pull_request_id = 10, .position = 4}, origin,
                            records);
  return records;
}

std::string file_refusal(std::string_view text) {
  try {
    static_cast<void>(file_of(text));
  } catch (const base::Error& error) {
    return error.code() + ": " + error.text();
  }
  return "";
}

TEST(PullRequestFileRecord, HasTheColumnsOfItsDocument) {
  const auto records = file_of(
      R"({"sha":"s","filename":"b.md","status":"renamed","additions":1,"deletions":2,"changes":3,)"
      R"("previous_filename":"a.md","patch":"@@"})");
  const auto* record = records.find(Relation::pull_request_file, 10);
  EXPECT_EQ(record->filename, "b.md");
  EXPECT_EQ(columns(record), R"({"additions":1,"changes":3,"deletions":2,"patch":"@@",)"
                             R"("position":4,"previous_filename":"a.md","sha":"s",)"
                             R"("status":"renamed"})");
  EXPECT_EQ(record->github_at, testing::api_origin().github_at);
}

TEST(PullRequestFileRecord, IsNullWhereItsDocumentHasNothing) {
  const auto records = file_of(R"({"filename":"b.png","sha":null,"status":"added"})");
  EXPECT_EQ(columns(records.find(Relation::pull_request_file, 10)),
            R"({"additions":null,"changes":null,"deletions":null,"patch":null,"position":4,)"
            R"("previous_filename":null,"sha":null,"status":"added"})");
}

TEST(PullRequestFileRecord, RequiresAFilenameThatAKeyCanHold) {
  constexpr const char* expected =
      "document_invalid: unable to read a document of table 'pull_request_file': "
      "'filename' must be a text of 1 to 2560 bytes";
  EXPECT_EQ(file_refusal(R"({"sha":"s"})"), expected);
  EXPECT_EQ(file_refusal(R"({"filename":""})"), expected);
  EXPECT_EQ(file_refusal(R"({"filename":")" + std::string(2'561, 'f') + "\"}"), expected);
  EXPECT_EQ(file_refusal(R"({"filename":")" + std::string(2'560, 'f') + "\"}"), "");
}

TEST(PullRequestFileRecord, CutsItsPatch) {
  const auto records =
      file_of(R"({"filename":"a","patch":")" + std::string(1'048'577, 'p') + "\"}");
  constexpr std::size_t quotes = 2;
  EXPECT_EQ(column(records.find(Relation::pull_request_file, 10), "patch").size(),
            1'048'576 + quotes);
}

TEST(PullRequestFileRecord, IsOnlyAddedUnderAScope) {
  const auto records = file_of(R"({"filename":"a"})", scoped_origin());
  EXPECT_TRUE(records.find(Relation::pull_request_file, 10)->is_added_only);
}

}  // namespace pull_request_file_test
}  // namespace devy::records
