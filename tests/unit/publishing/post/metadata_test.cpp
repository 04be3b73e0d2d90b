// Names and metadata of a post as authors, themes and other programs write them.
#include <gtest/gtest.h>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/config/config.hpp"
#include "core/publishing/post/front_matter.hpp"

namespace devy::post {
namespace metadata_test {

using Texts = std::vector<std::string>;

FrontMatter yaml(const std::string& block) {
  const auto read = read_front_matter("---\n" + block + "\n---\n", Timezone(),
                                      config::Limits{}.front_matter_bytes_max);
  if (const auto* problem = std::get_if<FrontMatterProblem>(&read))
    ADD_FAILURE() << problem->message;
  return std::holds_alternative<FrontMatter>(read) ? std::get<FrontMatter>(read) : FrontMatter{};
}

FrontMatter toml(const std::string& block) {
  const auto read = read_front_matter("+++\n" + block + "\n+++\n", Timezone(),
                                      config::Limits{}.front_matter_bytes_max);
  if (const auto* problem = std::get_if<FrontMatterProblem>(&read))
    ADD_FAILURE() << problem->message;
  return std::holds_alternative<FrontMatter>(read) ? std::get<FrontMatter>(read) : FrontMatter{};
}

TEST(Metadata, ReadsAuthorsInEveryForm) {
  const Texts both{"Ann", "Bob"};
  EXPECT_EQ(yaml("author: Ann").authors, Texts{"Ann"});
  EXPECT_EQ(yaml("authors: Ann").authors, Texts{"Ann"});
  EXPECT_EQ(yaml("author: Ann, Bob and others").authors, Texts{"Ann, Bob and others"});
  EXPECT_EQ(yaml("author: {name: Ann, url: https://a.example}").authors, Texts{"Ann"});
  EXPECT_EQ(yaml("authors: [Ann, Bob, Ann]").authors, both);
  EXPECT_EQ(yaml("authors:\n  - name: Ann\n    email: a@b\n  - name: Bob").authors, both);
  EXPECT_EQ(yaml("authors:\n  - name: Ann\n  - Bob").authors, both);
  EXPECT_EQ(yaml("authors: [Ann]\nauthor: Bob").authors, both);
  EXPECT_EQ(yaml("author:").authors, Texts());
  EXPECT_EQ(toml("author = 'Ann'").authors, Texts{"Ann"});
  EXPECT_EQ(toml("[author]\nname = 'Ann'").authors, Texts{"Ann"});
  EXPECT_EQ(toml("[[authors]]\nname = 'Ann'\n[[authors]]\nname = 'Bob'").authors, both);
}

TEST(Metadata, AcceptsOnlyWellFormedLanguageTags) {
  for (const char* tag : {"en", "de", "pt-BR", "zh-Hant-TW", "sr-Latn-RS", "x-devy", "i-klingon",
                          "de-CH-1901", "tlh"}) {
    const auto matter = yaml("lang: " + std::string(tag));
    EXPECT_EQ(matter.lang, tag);
    EXPECT_TRUE(matter.warnings.empty()) << tag;
  }
  EXPECT_EQ(yaml("lang: en_US").lang, "en-US");
  EXPECT_EQ(yaml("lang:").lang, std::nullopt);
  for (const char* tag : {"e", "english language", "en--US", "en-", "-en", "123", "e1", "x",
                          "'\" onload=x'", "verylonglanguage", "en-toolongsubtag", "日本語",
                          "aa-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa"}) {
    const auto matter = yaml("lang: " + std::string(tag));
    EXPECT_EQ(matter.lang, std::nullopt) << tag;
    ASSERT_EQ(matter.warnings.size(), 1U) << tag;
  }
  const auto matter = yaml("title: x\nlang: Klingon!");
  EXPECT_EQ(matter.warnings[0].place.line, 3U);
  EXPECT_EQ(matter.warnings[0].place.column, 7U);
  EXPECT_EQ(matter.warnings[0].message,
            "'lang' is left out: 'Klingon!' is not a language tag such as 'en' or 'pt-BR'");
}

TEST(Metadata, AcceptsAWebAddressAsCanonical) {
  EXPECT_EQ(yaml("canonical: https://a.example/b?c=d").canonical, "https://a.example/b?c=d");
  EXPECT_EQ(yaml("canonical: http://a.example").canonical, "http://a.example");
  for (const char* address : {"/relative", "a.example/b", "ftp://a.example", "'javascript:x'"}) {
    const auto matter = yaml("canonical: " + std::string(address));
    EXPECT_EQ(matter.canonical, std::nullopt) << address;
    EXPECT_EQ(matter.warnings.size(), 1U) << address;
  }
}

TEST(Metadata, ReadsCoversInTheFormsOfThemes) {
  EXPECT_EQ(yaml("cover: images/a.png").cover, "images/a.png");
  EXPECT_EQ(yaml("image: https://a.example/b.png").cover, "https://a.example/b.png");
  EXPECT_EQ(yaml("cover:\n  image: a.png\n  alt: A").cover, "a.png");
  EXPECT_EQ(yaml("image: {src: a.png}").cover, "a.png");
  EXPECT_EQ(toml("[cover]\nimage = 'a.png'").cover, "a.png");
  EXPECT_EQ(yaml("cover: {alt: nothing}").cover, std::nullopt);
}

TEST(Metadata, KeepsUnknownKeysWhateverTheyHold) {
  EXPECT_EQ(yaml("draft: false\nödd key: 1\n'': empty\n\"a.b\": {c: [{d: [1, [2]]}]}").json,
            R"({"":"empty","a.b":{"c":[{"d":[1,[2]]}]},"draft":false,"ödd key":1})");
  EXPECT_EQ(yaml("when: 2024-01-02\nthen: 2024-01-02 03:04:05 +0100").json,
            R"({"then":"2024-01-02 03:04:05 +0100","when":"2024-01-02"})");
  EXPECT_EQ(yaml("base: &b {x: 1}\ncopy: *b\nlist: [*b, *b]").json,
            R"({"base":{"x":1},"copy":{"x":1},"list":[{"x":1},{"x":1}]})");
  EXPECT_EQ(yaml("merge: {<<: {a: 1}}").json, R"({"merge":{"a":1}})");
  EXPECT_EQ(yaml("a: 010\nb: 0x1F\nc: 1e3\nd: +1\ne: -0\nf: .5\ng: '7'\nh: no").json,
            R"({"a":"010","b":"0x1F","c":"1e3","d":1,"e":0,"f":0.5,"g":"7","h":"no"})");
  EXPECT_EQ(yaml("a: |\n  two\n  lines\nb: >\n  one\n  line").json,
            R"({"a":"two\nlines\n","b":"one line\n"})");
  EXPECT_EQ(toml("a = 1979-05-27T07:32:00-08:00\nb = 07:32:00\nc = [[1], ['x']]\n"
                 "d = 1e3\ne = inf\n[f.g]\nh = true")
                .json,
            R"({"a":"1979-05-27T07:32:00-08:00","b":"07:32:00","c":[[1],["x"]],"d":1000.0,)"
            R"("e":"inf","f":{"g":{"h":true}}})");
}

// Escapes can say what no file may hold; PostgreSQL would refuse the upload for it.
TEST(Metadata, DropsEscapesThatCannotBeStored) {
  for (const char* block :
       {"title: \"a\\0b\"\nx: \"a\\0b\"", "title: \"a\\ud800b\"\nx: \"\\udfff\"",
        "title: \"\\U00110000\"\nx: 1", "\"k\\0\": \"\\xff\\x80\""}) {
    const auto read = read_front_matter("---\n" + std::string(block) + "\n---\n", Timezone(),
                                        config::Limits{}.front_matter_bytes_max);
    const auto* matter = std::get_if<FrontMatter>(&read);
    if (matter == nullptr) continue;  // an error of the file is as good
    EXPECT_TRUE(base::is_valid_utf8(matter->json)) << block;
    EXPECT_EQ(matter->json.find("\\u0000"), std::string::npos) << block;
    EXPECT_TRUE(base::is_valid_utf8(matter->title.value_or(""))) << block;
    EXPECT_EQ(matter->title.value_or("").find('\0'), std::string::npos) << block;
  }
}

}  // namespace metadata_test
}  // namespace devy::post
