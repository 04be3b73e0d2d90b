#include "tests/oracle/links.hpp"

#include <openssl/sha.h>

#include <array>
#include <set>
#include <sstream>

#include "tests/support/git/git_run.hpp"

namespace devy::testing {
namespace {

std::string of_blog(const OracleCase& oracle) {
  return "blog_id = '" + oracle.blog + "'";
}

std::string percent_decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return decoded;
}

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// The name that git gives a content.
std::string blob_of(const std::string& bytes) {
  const auto object = "blob " + std::to_string(bytes.size()) + '\0' + bytes;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(object.data()), object.size(), digest.data());
  std::string hex;
  for (const unsigned byte : digest) {
    hex += "0123456789abcdef"[byte / 16];
    hex += "0123456789abcdef"[byte % 16];
  }
  return hex;
}

// Every root-relative URL in the posts and their covers, as "path of the post, tab, URL".
std::vector<std::string> own_urls(const OracleCase& oracle) {
  return lines_of(
      oracle,
      "select path || E'\\t' || m[1] from post, lateral regexp_matches(html,"
      " '(?:href|src|srcset|poster|cite|longdesc)=\"(/[^\"]*)\"', 'g') m where " +
          of_blog(oracle) +
          " union all select path || E'\\t' || cover from post where cover like '/%' and " +
          of_blog(oracle));
}

// A srcset has several, each with a descriptor behind it.
std::vector<std::string> split(const std::string& value) {
  std::vector<std::string> urls;
  std::istringstream words(value);
  for (std::string word; words >> word;)
    if (word.starts_with('/')) urls.push_back(word.substr(0, word.find_first_of(",#")));
  return urls;
}

struct Blog {
  std::string prefix;  // of its posts' URLs
  std::set<std::string> slugs, assets;
  std::set<std::string> places;  // "slug#id"
  std::set<std::string> unsure;  // slugs of posts whose places nobody knows
};

Blog read_blog(const OracleCase& oracle) {
  Blog blog;
  const auto names = lines_of(oracle,
                              "select '/' || a.username || '/' || b.slug || '/' from blog b join "
                              "account a on a.id = b.account_id where b.id = '" +
                                  oracle.blog + "'");
  blog.prefix = names.at(0);
  for (const auto& slug : lines_of(oracle, "select slug from post where " + of_blog(oracle)))
    blog.slugs.insert(slug);
  for (const auto& place :
       lines_of(oracle, "select slug || '#' || place from post, unnest(anchors) place where " +
                            of_blog(oracle)))
    blog.places.insert(place);
  for (const auto& slug :
       lines_of(oracle, "select slug from post where anchors is null and " + of_blog(oracle)))
    blog.unsure.insert(slug);
  for (const auto& asset :
       lines_of(oracle, "select encode(sha256, 'hex') from blog_asset where " + of_blog(oracle)))
    blog.assets.insert(asset);
  return blog;
}

// `line` is the post's path, a tab, and the value of an attribute.
void check_place(const Blog& blog, const std::string& line, std::vector<std::string>& broken) {
  const std::string prefix = "#user-content-";
  const auto url = line.substr(line.find('\t') + 1);
  const auto at = url.find(prefix);
  if (at == std::string::npos || !url.starts_with(blog.prefix)) return;
  const auto slug = percent_decoded(url.substr(blog.prefix.size(), at - blog.prefix.size()));
  const auto id = percent_decoded(url.substr(at + prefix.size()));
  if (!blog.unsure.contains(slug) && !blog.places.contains(slug + "#" + id))
    broken.push_back("URL of no place on its page: " + line);
}

void check_urls(const OracleCase& oracle, std::vector<std::string>& broken) {
  const auto blog = read_blog(oracle);
  const std::string assets = "/assets/";
  auto unused = blog.assets;
  for (const auto& line : own_urls(oracle)) {
    check_place(blog, line, broken);
    const auto tab = line.find('\t');
    for (const auto& url : split(line.substr(tab + 1))) {
      if (url.starts_with(assets)) {
        const auto sha256 = url.substr(assets.size(), 64);
        unused.erase(sha256);
        if (!blog.assets.contains(sha256))
          broken.push_back("asset of no file of the blog: " + url + " in " + line.substr(0, tab));
      } else if (url + '/' == blog.prefix) {
        continue;  // the front page
      } else if (!url.starts_with(blog.prefix) ||
                 !blog.slugs.contains(percent_decoded(url.substr(blog.prefix.size())))) {
        broken.push_back("URL of no post: " + url + " in " + line.substr(0, tab));
      }
    }
  }
  for (const auto& sha256 : unused)
    broken.push_back("asset that no post shows: " + sha256);
}

void check_files(const OracleCase& oracle, const std::string& head,
                 std::vector<std::string>& broken) {
  for (const auto& line : lines_of(oracle,
                                   "select blob || encode(bytes, 'hex') || '/' || path from"
                                   " blog_asset join asset using (sha256) where " +
                                       of_blog(oracle))) {
    const auto slash = line.find('/');
    const auto blob = line.substr(0, 40);
    const auto path = line.substr(slash + 1);
    const auto found =
        head.empty() ? std::string()
                     : git({"-C", oracle.repository, "ls-tree", "--full-tree", head, "--", path});
    if (!found.starts_with("100") || found.find(" blob " + blob + "\t") != 6)
      broken.push_back("asset is not the file of the head: " + path);
    else if (blob_of(bytes_of(line.substr(40, slash - 40))) != blob)
      broken.push_back("asset has not its file's content: " + path);
  }
}

}  // namespace

std::vector<std::string> broken_links(const OracleCase& oracle, const std::string& head) {
  auto broken = lines_of(
      oracle,
      "select 'asset is not its content: ' || encode(sha256, 'hex') from asset"
      " where sha256(bytes) <> sha256"
      " union all select 'asset of a path that no post uses: ' || path from blog_asset a where " +
          of_blog(oracle) +
          " and not exists (select from post_asset p where p.blog_id = a.blog_id"
          " and p.path = a.path)"
          " union all select 'a place in HTML was not filled: ' || path from post"
          " where html ~ '(href|src|srcset)=\"[ \"]' and " +
          of_blog(oracle));
  check_urls(oracle, broken);
  check_files(oracle, head, broken);
  return broken;
}

}  // namespace devy::testing
