#include "tests/integration/publishing/markdown/specification_differences.hpp"

#include <map>
#include <stdexcept>

namespace devy::testing {
namespace {

constexpr auto repaired =
    "The HTML is repaired as browsers repair it: what is open is closed, what is loose is moved.";
constexpr auto not_listed = "An element or an attribute is not on GitHub's list.";
constexpr auto no_tag = "What only looks like a tag never becomes one, and hides nothing.";
constexpr auto tagfilter = "GitHub's tagfilter shows these tags as text.";
constexpr auto language = "A language's name is ASCII letters, digits, '+', '#' and '-'.";
constexpr auto task_list = "Task lists have GitHub's classes.";
constexpr auto autolink = "Addresses in the text become links.";
constexpr auto no_place = "A link to a place that the page has not is text.";
constexpr auto older = "cmark-gfm speaks CommonMark 0.29.";
constexpr auto strong = "cmark-gfm writes no strong text inside strong text.";

using Differences = std::vector<Difference>;

// cmark-gfm 0.29.0.gfm.6, Debian 12.
const Differences github_gfm_6{
    {repaired, {118, 119, 121, 125, 130, 135, 143, 144, 153, 156, 159, 160,
                317, 327, 354, 485, 486, 503, 650, 651, 653, 663, 664}},
    {not_listed,
     {120, 122, 123, 124, 133, 134, 139, 170, 500, 532, 544, 632, 633, 634, 635, 636, 642}},
    {no_place, {509}},
    {no_tag, {126, 127, 128, 149, 649}},
    {tagfilter, {140, 141, 142, 145, 147}},
    {language, {114, 330}},
    {task_list, {279, 280}},
    {autolink, {610, 614, 616, 619, 620}},
};

// cmark-gfm 0.29.0.gfm.13, Debian 13.
const Differences github_gfm_13{
    {repaired, {118, 119, 121, 125, 130, 135, 143, 144, 153, 156, 159, 160,
                317, 327, 354, 485, 486, 503, 649, 650, 652, 662, 663}},
    {not_listed,
     {120, 122, 123, 124, 133, 134, 139, 170, 500, 532, 544, 632, 633, 634, 635, 636, 642}},
    {no_place, {509}},
    {no_tag, {126, 127, 128, 149, 648}},
    {tagfilter, {140, 141, 142, 145, 147}},
    {language, {114, 330}},
    {task_list, {279, 280}},
    {autolink, {610, 614, 616, 619, 620}},
};

// Debian 12.
const Differences commonmark_30{
    {repaired, {21,  31,  148, 149, 151, 155, 160, 165, 174, 175, 184,
                187, 190, 191, 344, 475, 476, 493, 630, 631, 642, 643}},
    {not_listed,
     {150, 152, 153, 154, 163, 164, 169, 201, 490, 523, 535, 612, 613, 614, 615, 616, 622}},
    {no_place, {500}},
    {no_tag, {156, 157, 158, 180, 629}},
    {tagfilter, {170, 172, 173, 176, 178}},
    {language, {34, 144}},
    {autolink, {601, 605, 607, 610, 611}},
    {older, {28, 171}},
};

// Debian 13.
const Differences commonmark_31{
    {repaired, {21,  31,  148, 149, 151, 155, 160, 165, 174, 175, 184,
                187, 190, 191, 344, 476, 477, 494, 630, 631, 642, 643}},
    {not_listed,
     {150, 152, 153, 154, 163, 164, 169, 201, 491, 524, 536, 613, 614, 615, 616, 617, 623}},
    {no_place, {501}},
    {no_tag, {156, 157, 158, 180, 629}},
    {tagfilter, {170, 172, 173, 176, 178}},
    {language, {34, 144}},
    {autolink, {602, 606, 608, 611, 612}},
    {older, {28, 171, 354}},
    {strong, {389, 417, 425, 426, 427, 464, 465, 466, 468}},
};

}  // namespace

std::vector<Difference> differences_from(const std::string& specification) {
  static const std::map<std::string, const Differences*> known{
      {"GFM 0.29, 673 examples", &github_gfm_6},
      {"GFM 0.29, 672 examples", &github_gfm_13},
      {"CommonMark 0.30", &commonmark_30},
      {"CommonMark 0.31", &commonmark_31},
  };
  const auto found = known.find(specification);
  if (found == known.end())
    throw std::runtime_error("no differences are known from " + specification);
  return *found->second;
}

}  // namespace devy::testing
