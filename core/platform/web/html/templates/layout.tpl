{{%AUTOESCAPE context="HTML"}}{{!
The frame of every page but logins and errors: navigation beside, CONTENT in main, footer.
  PAGE_TITLE        before " · devy", e.g. "Failed operations"
  APP_CSS_URL HTMX_URL APP_JS_URL   asset_url()
  REFRESH           section: something runs, so browsers without JavaScript read again after 10 s
  WIDE              section: a page of its own in place of a dialog
  CSRF              the session's token, letters, digits, '-' and '_' only; empty for nobody
  HOME_URL SITE     "/" and the site's host
  SEARCH_URL SEARCH_TEXT   where the search goes, and what was searched
  NAV_GROUP         section, repeated: GROUP_ID GROUP_TITLE and
    NAV_LINK        section, repeated: LINK_URL LINK_TITLE,
      CURRENT       section: it is this page's part of the site
      COUNT         section: COUNT_TEXT COUNT_WORD, e.g. 3 and "failed"
  ME                section: somebody is logged in: ACCOUNT_URL ACCOUNT_NAME
  NOTICE            include, after an act: part_notice
  CONTENT           include: the page
  VERSION AS_OF_UTC AS_OF REQUEST   the footer's; the request's id as logs have it
}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{PAGE_TITLE}} · devy</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{{APP_CSS_URL}}">
<meta name="htmx-config" content='{"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"409|422","swap":true,"error":false},{"code":"...","swap":false,"error":true}]}'>
<script src="{{HTMX_URL}}" defer></script>
<script src="{{APP_JS_URL}}" defer></script>
{{#REFRESH}}
<noscript><meta http-equiv="refresh" content="10"></noscript>
{{/REFRESH}}
</head>
<body{{#WIDE}} class="wide"{{/WIDE}} hx-headers='{"X-CSRF-Token":"{{CSRF}}"}'>
<a class="jump" href="#main">Skip to content</a>
<header class="side">
<a class="brand" href="{{HOME_URL}}">devy<small>{{SITE}}</small></a>
<form role="search" action="{{SEARCH_URL}}"><input type="search" name="q" value="{{SEARCH_TEXT}}" aria-label="Search: id, blog, delivery, error code" placeholder="Id, blog, code" maxlength="200"></form>
<nav aria-label="Main">
{{#NAV_GROUP}}
<p id="nav-{{GROUP_ID}}">{{GROUP_TITLE}}</p>
<ul aria-labelledby="nav-{{GROUP_ID}}">
{{#NAV_LINK}}
<li><a href="{{LINK_URL}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{LINK_TITLE}}{{#COUNT}} <b>{{COUNT_TEXT}}<span class="vh"> {{COUNT_WORD}}</span></b>{{/COUNT}}</a></li>
{{/NAV_LINK}}
</ul>
{{/NAV_GROUP}}
</nav>
<div class="me">{{#ME}}<a class="quiet" href="{{ACCOUNT_URL}}">{{ACCOUNT_NAME}}</a>{{/ME}}<button class="link" type="button" data-times hidden aria-label="UTC; show local times">UTC</button></div>
</header>
<div class="page">
<main id="main" tabindex="-1">
{{>NOTICE}}
{{>CONTENT}}
</main>
<footer><span>devy-upload {{VERSION}}</span><span>As of <time datetime="{{AS_OF_UTC}}">{{AS_OF}}</time> <span data-zone>UTC</span></span><span>Request {{REQUEST}}</span></footer>
</div>
</body>
</html>
