// What holds for any set of paths and written slugs. The same seeds, the same sets.
#include "core/publishing/plan/slug_allocator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/publishing/post/slug.hpp"

namespace devy::plan {
namespace slug_allocator_test {

constexpr unsigned rounds = 300;
constexpr std::size_t files_max = 40;

class SlugAllocator : public ::testing::Test {
 protected:
  template <class Item>
  const Item& any(const std::vector<Item>& items) {
    return items.at(random_() % items.size());
  }

  SlugWish random_wish() {
    static const std::vector<std::string> folders{"", "a/", "A/", "_posts/", "a/b/", "\U0001f389/"};
    static const std::vector<std::string> names{
        "c",          "c++",        "c#",        "C",         "1.0",    "1-0",
        "a_b",        "a-b",        "index",     "_index",    "README", "2024-01-02-c",
        "\U0001f389", "c-2e7d2c03", "caf\u00e9", "cafe\u0301"};
    static const std::vector<std::string> slugs{"c", "/c", "a/c", "/", "!!", "1-0", "x", "C++"};
    SlugWish wish;
    wish.path = any(folders) + any(names) + (random_() % 8 == 0 ? ".markdown" : ".md");
    wish.path_under_root = wish.path;
    if (random_() % 3 == 0) wish.written = post::written_slug(wish.path, any(slugs), std::nullopt);
    return wish;
  }

  std::vector<SlugWish> random_wishes() {
    std::map<std::string, SlugWish> by_path;
    for (auto left = random_() % files_max; left > 0; --left) {
      auto wish = random_wish();
      by_path.emplace(wish.path, wish);
    }
    std::vector<SlugWish> wishes;
    for (auto& [path, wish] : by_path)
      wishes.push_back(std::move(wish));
    return wishes;
  }

  static void expect_unique(const std::vector<GivenSlug>& given) {
    std::set<std::string> slugs;
    for (const auto& one : given) {
      EXPECT_NE(one.slug, "");
      EXPECT_LE(one.slug.size(), post::slug_bytes_max);
      EXPECT_EQ(post::slugify(one.slug), one.slug);
      EXPECT_TRUE(slugs.insert(one.slug).second) << one.slug;
    }
  }

  std::mt19937 random_{1};  // NOLINT: the same sets every time
};

TEST_F(SlugAllocator, GivesEachFileASlugOfItsOwn) {
  for (unsigned round = 0; round < rounds; ++round) {
    const auto wishes = random_wishes();
    const auto given = give_slugs(wishes, {});
    ASSERT_EQ(given.size(), wishes.size());
    expect_unique(given);
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      if (!wishes[i].written) continue;
      // Either it has what it asks for, or the owner is named.
      EXPECT_EQ(given[i].taken_by.has_value(), given[i].slug != *wishes[i].written);
    }
  }
}

TEST_F(SlugAllocator, GivesAPlainSlugAwayOnlyToAnotherFile) {
  for (unsigned round = 0; round < rounds; ++round) {
    const auto wishes = random_wishes();
    const auto given = give_slugs(wishes, {});
    std::set<std::string> slugs;
    for (const auto& one : given)
      slugs.insert(one.slug);
    for (const auto& wish : wishes)
      EXPECT_TRUE(slugs.contains(wish.written.value_or(post::slug_from_path(wish.path))));
  }
}

// What is there keeps what it has, whatever comes and goes, and what comes never loses a file.
TEST_F(SlugAllocator, KeepsSlugsThroughRandomHistories) {
  for (unsigned round = 0; round < rounds; ++round) {
    std::map<std::string, SlugWish> blog;
    for (int push = 0; push < 6; ++push) {
      std::map<std::string, std::string> before;
      for (auto& [path, wish] : blog)
        before[path] = *wish.had;
      for (auto& wish : random_wishes())
        blog.emplace(wish.path, wish);
      std::erase_if(blog, [&](const auto&) { return random_() % 4 == 0; });
      // Some are rendered anew, the others stay as they are.
      std::vector<SlugWish> wishes;
      TakenSlugs taken;
      for (auto& [path, wish] : blog) {
        wish.keeps = wish.had.has_value();
        if (wish.keeps && random_() % 2 == 0) taken.emplace(*wish.had, path);
        else wishes.push_back(wish);
      }
      const auto given = give_slugs(wishes, taken);
      for (std::size_t i = 0; i < wishes.size(); ++i)
        blog.at(wishes[i].path).had = given[i].slug;
      std::set<std::string> slugs;
      for (const auto& [path, wish] : blog) {
        EXPECT_TRUE(slugs.insert(*wish.had).second) << *wish.had;
        if (before.contains(path)) {
          EXPECT_EQ(*wish.had, before[path]) << path;
        }
      }
    }
  }
}

TEST_F(SlugAllocator, GivesTheSameEndingInAnyCompany) {
  const SlugWish plain{"c.md", "c.md", {}, {}, false};
  const SlugWish capital{"C.md", "C.md", {}, {}, false};
  const SlugWish other{"_posts/c.md", "_posts/c.md", {}, {}, false};
  const auto two = give_slugs({capital, plain}, {});
  const auto three = give_slugs({capital, other, plain}, {});
  EXPECT_EQ(two[0].slug, three[0].slug);
  EXPECT_EQ(two[1].slug, "c");
  EXPECT_EQ(three[2].slug, "c");
}

TEST_F(SlugAllocator, FindsAnEndingWhereSomebodyTookTheFirst) {
  const SlugWish wish{"C.md", "C.md", {}, {}, false};
  const auto first = give_slugs({wish}, {{"c", "c.md"}})[0].slug;
  const auto second = give_slugs({wish}, {{"c", "c.md"}, {first, "x.md"}})[0].slug;
  EXPECT_TRUE(second.starts_with(first)) << second;
  EXPECT_NE(second, first);
}

TEST(SlugBasis, ChangesWithThePathAndEachWord) {
  const std::set<std::string> bases{slug_basis("a.md", {}, {}), slug_basis("b.md", {}, {}),
                                    slug_basis("a.md", "x", {}), slug_basis("a.md", {}, "x"),
                                    slug_basis("a.md", "x", "x")};
  EXPECT_EQ(bases.size(), 5U);
  EXPECT_EQ(bases.begin()->size(), 32U);
}

}  // namespace slug_allocator_test
}  // namespace devy::plan
