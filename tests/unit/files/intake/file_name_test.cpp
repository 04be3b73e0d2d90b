#include "core/files/intake/file_name.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::intake {
namespace file_name_test {

using namespace std::string_view_literals;

std::string code_of(std::string_view name) {
  try {
    return "good: " + file_name(name);
  } catch (const base::Error& error) {
    return error.code();
  }
}

TEST(FileName, KeepsWhatPeopleCallFiles) {
  for (const auto* name : {"README.md", ".hidden", "a b", "..a", "100%", "\"x\"", "日本語.txt"})
    EXPECT_EQ(code_of(name), std::string("good: ") + name);
}

TEST(FileName, ComposesLetters) {
  EXPECT_EQ(file_name("a\xcc\x88.txt"), "\xc3\xa4.txt");
}

TEST(FileName, RefusesPathsAndWhatIsNotShown) {
  for (const auto name : {""sv, "."sv, ".."sv, " . "sv, "../a"sv, "a/b"sv, "a\\b"sv, "a\0b"sv,
                          "a\nb"sv, "a\x7f"sv, "a\xc2\x85"sv, "gpj\xe2\x80\xae.exe"sv,
                          "a\xe2\x81\xa6"sv, "a\xe2\x80\xa8"sv, "\xff"sv, "\xed\xa0\x80"sv})
    EXPECT_EQ(code_of(name), "name_refused") << name;
}

TEST(FileName, RefusesMoreThan255Bytes) {
  EXPECT_EQ(code_of(std::string(255, 'a')), "good: " + std::string(255, 'a'));
  EXPECT_EQ(code_of(std::string(256, 'a')), "name_refused");
  EXPECT_EQ(code_of(std::string(1'000'000, 'a')), "name_refused");
}

TEST(ContentDisposition, HasTheNameInBothSpellings) {
  EXPECT_EQ(content_disposition("attachment", "\xc3\xa4 \"b\".txt"),
            "attachment; filename=\"__ _b_.txt\"; filename*=UTF-8''%C3%A4%20%22b%22.txt");
}

}  // namespace file_name_test
}  // namespace devy::intake
