{{%AUTOESCAPE context="HTML"}}{{!
A page that nobody needs: which repositories were greeted?
  GREETED_NAME      who looks
  GREETED           section, repeated: GREETED_URL GREETED_KEY
}}<div class="head"><div><h1>Greetings</h1><p>For {{GREETED_NAME}}.</p></div></div>
<ul>
{{#GREETED}}
<li><a href="{{GREETED_URL}}">{{GREETED_KEY}}</a></li>
{{/GREETED}}
</ul>
