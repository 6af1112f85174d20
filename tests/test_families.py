"""Families of sentences: each in its own words, and what only looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, NAMES, PERSONA, SUPPORT, TRAVELLER, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, [("assistant", "May I have your name?"), "kofi. my order is late"], {"name": "kofi"}),
        (NAMES, [("assistant", "What's your name?"), "Brunhilde, and before you ask, yes, really"], {"name": "Brunhilde"}),
        (NAMES, [("assistant", "What's your name?"), "nope, not telling"], {}),
        (NAMES, [("assistant", "What's your name?"), "why do you ask?"], {}),
        (NAMES, [("assistant", "What's your name?"), "it's complicated"], {}),
        (NAMES, [("assistant", "What should I call you?"), "Buzz works"], {"preferred_name": "Buzz"}),
        (NAMES, [("assistant", "What should I call you?"), "Teddy is fine, or Ted"], {"preferred_name": "Teddy"}),
        (NAMES, [("assistant", "What should I call you?"), "anything you like"], {}),
        (CUSTOMER, [("assistant", "What do you do?"), "tree surgeon, mostly"], {"role": "tree surgeon"}),
        (CUSTOMER, [("assistant", "What do you do?"), "not much lol"], {}),
        (CUSTOMER, [("assistant", "Which company are you with?"), "Larkfield. the one in Leeds"], {"company": "Larkfield"}),
        (CUSTOMER, [("assistant", "Which plan are you on?"), "the free one"], {"plan_tier": "free"}),
        (CUSTOMER, [("assistant", "Which plan are you on?"), "pro I think"], {"plan_tier": "pro"}),
        (NAMES, [("assistant", "Am I speaking with Dora?"), "no, this is her brother Emil"], {"name": "Emil"}),
        (NAMES, [("assistant", "Is this still Dora?"), "no, her husband Emil"], {"name": "Emil"}),
        (NAMES, [("assistant", "Is this still Dora?"), "no, she's out"], {}),
        (PERSONA, [("assistant", "And how old are you?"), "thirty-one, feels like fifty"], {"age": 31}),
        (PERSONA, [("assistant", "Where do you live?"), "Utrecht. love it here"], {"location": "Utrecht"}),
    ],
)
def test_a_bare_answer_is_read(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """What follows the answer, and who answers in another's place."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["booking for Hedda Krohn, that's me"], {"name": "Hedda Krohn"}),
        (NAMES, ["quiet, tidy and always on time, that's me"], {}),
        (NAMES, ["the guy in the photo, that's me"], {}),
        (NAMES, ["The order under Piet Mondriaan, that's my neighbour"], {}),
        (NAMES, ["I'm booking for my dad, Otto Krohn"], {}),
        (NAMES, ["a room for Mr Krohn, he arrives at nine"], {}),
        (NAMES, ["Table for two at eight, name of Krohn"], {"name": "Krohn"}),
        (NAMES, ["it'll be under Krohn"], {}),
        (NAMES, ["Book it under my wife's name, Clara Krohn"], {}),
        (NAMES, ["can you book a flight for Anna Krohn, she's my boss"], {}),
    ],
)
def test_that_is_me(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """A name given for a booking, one's own or not."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (PERSONA, ["i deliver parcels for hermes"], {"company": "hermes"}),
        (PERSONA, ["i sell cars for toyota , it pays the bills"], {"company": "toyota"}),
        (PERSONA, ["i cut hair at supercuts"], {"company": "supercuts"}),
        (PERSONA, ["i make cookies for santa"], {}),
        (PERSONA, ["i cook dinner for my kids at home"], {}),
        (PERSONA, ["i teach yoga at Sunrise Studio"], {"company": "Sunrise Studio"}),
        (PERSONA, ["I drive a bus for Arriva"], {"company": "Arriva"}),
        (PERSONA, ["i do my shopping at walmart"], {}),
        (PERSONA, ["I run marathons for Oxfam"], {}),
        (PERSONA, ["i wash my car at the lake"], {}),
        (PERSONA, ["I walk my dog at Greenwich Park"], {}),
        (PERSONA, ["i test my code at home"], {}),
        (PERSONA, ["i fix bikes at a shop called Spokehead"], {"company": "Spokehead"}),
        (PERSONA, ["I met him at a shop called Spokehead"], {}),
        (PERSONA, ["I eat at a place called Nandito"], {}),
        (PERSONA, ["My brother fixes bikes at Spokehead"], {}),
        (PERSONA, ["I used to fix bikes at Spokehead"], {}),
        (PERSONA, ["I want to sell cars for Toyota"], {}),
        (PERSONA, ["i teach kids"], {}),
        (PERSONA, ["I teach kids to swim"], {}),
        (CUSTOMER, ["I'm building Fluxboard, a kanban tool"], {}),
        (CUSTOMER, ["I'm building a website for Acme"], {}),
        (CUSTOMER, ["I founded Fluxboard in 2020"], {"company": "Fluxboard"}),
        (CUSTOMER, ["I'm co-founder and CEO of a tiny company called Fluxboard"], {"role": "co-founder", "company": "Fluxboard"}),
    ],
)
def test_what_one_does_at_a_firm(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Verbs of work, and of leisure."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["Act as a career coach. I am a warehouse supervisor and want to move into HR."], {"role": "warehouse supervisor"}),
        (CUSTOMER, ["Act as a doctor. I am a patient named Bob with a cough."], {}),
        (CUSTOMER, ["I want you to act as my interviewer. I am John Carter, applying for nurse."], {}),
        (NAMES, ["Pretend I'm Queen Victoria"], {}),
        (NAMES, ["Let's pretend I'm a pirate called Redbeard"], {}),
        (NAMES, ["You are a grumpy innkeeper. I am Sir Roland, a knight."], {}),
        (NAMES, ["I'm John Malkovich in this one"], {}),
        (NAMES, ["In this campaign I'm Thalric, a half-elf"], {}),
        (NAMES, ["For today's game my name is Zorg"], {}),
        (NAMES, ["write a cover letter for Susan Blake, a nurse at St Mary's"], {}),
        (
            CUSTOMER,
            ["Write a cover letter. My name is Susan Blake and I'm a nurse at St Mary's Hospital."],
            {"name": "Susan Blake", "role": "nurse", "company": "St Mary's Hospital"},
        ),
        (CUSTOMER, ["write a cover letter for a made-up person: name Susan Blake, nurse"], {}),
        (CUSTOMER, ["Write a short story. My name is Captain Flint and I rule the seas."], {}),
        (NAMES, ["Write a poem that starts with my name is Ozymandias"], {}),
        (CUSTOMER, ["Write an email to Susan Blake, head of HR at Acme"], {}),
        (CUSTOMER, ["Sign it as Susan Blake, Head of Sales"], {"name": "Susan Blake", "role": "Head of Sales"}),
        (CUSTOMER, ["you are Susan, a nurse at Acme. I have a headache."], {}),
    ],
)
def test_role_play_and_letters(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Who speaks, and as whom."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["can you reset my password\n\nthanks, petra"], {"name": "petra"}),
        (NAMES, ["my parcel never came. thanks, petra"], {"name": "petra"}),
        (NAMES, ["still waiting for a refund.\ncheers\nmoritz"], {"name": "moritz"}),
        (NAMES, ["thanks, petra!"], {}),
        (NAMES, ["thanks, man"], {}),
        (NAMES, ["that worked, thanks petra"], {}),
        (NAMES, ["hi team, the door is broken again. best, anneke"], {"name": "anneke"}),
    ],
)
def test_a_lower_case_sign_off(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Behind thanks, on a line of its own."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (TRAVELLER, ["I usually fly business class"], {"cabin": "business"}),
        (CUSTOMER, ["I usually fly business class"], {}),
        (SUPPORT, ["I usually fly business class"], {}),
        (SUPPORT, ["I'm on the free side of the road"], {}),
        (CUSTOMER, ["I'm on the free side of things today"], {}),
        (CUSTOMER, ["I'm free on Tuesday"], {}),
        (CUSTOMER, ["We've been free since 3pm"], {}),
        (CUSTOMER, ["I'm a pro at this"], {}),
        (CUSTOMER, ["how much is one enterprise licence?"], {}),
        (CUSTOMER, ["our enterprise licence renews in May"], {"plan_tier": "enterprise"}),
    ],
)
def test_plans_and_other_senses_of_their_words(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """A cabin, a side, an hour, a habit."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["ich bin müde"], {}),
        (NAMES, ["Ich bin Student"], {}),
        (NAMES, ["Hallo, ich bin Wiebke"], {"name": "Wiebke"}),
        (NAMES, ["Ich bin Jost Achterberg und suche Hilfe"], {"name": "Jost Achterberg"}),
        (NAMES, ["Ich bin Lehrer und brauche Hilfe"], {}),
        (CUSTOMER, ["Ich bin Lehrer an der Goetheschule"], {"role": "Lehrer"}),
        (NAMES, ["Ich bin Deutscher"], {}),
        (NAMES, ["Ich bin Zuhause"], {}),
        (NAMES, ["Du kannst Wiebi zu mir sagen"], {"preferred_name": "Wiebi"}),
        (NAMES, ["Nenn mich einfach Wiebi"], {"preferred_name": "Wiebi"}),
        (NAMES, ["Mein Name lautet Wiebke Harms"], {"name": "Wiebke Harms"}),
        (CUSTOMER, ["ich arbeite als Krankenpflegerin bei der Charité"], {"role": "Krankenpflegerin", "company": "Charité"}),
        (NAMES, ["aqui é a Jussara"], {"name": "Jussara"}),
        (NAMES, ["aqui é o Joca, tudo bem?"], {"name": "Joca"}),
        (NAMES, ["aqui é Portugal"], {}),
        (NAMES, ["soy Yoselin, necesito ayuda"], {"name": "Yoselin"}),
        (NAMES, ["soy ingeniero"], {}),
        (NAMES, ["Soy Médico y vivo en Lima"], {}),
        (NAMES, ["c'est Maëlys à l'appareil"], {"name": "Maëlys"}),
        (NAMES, ["sono stanca"], {}),
        (PERSONA, ["我住在杭州，今年31岁"], {"location": "杭州", "age": 31}),
        (PERSONA, ["我女儿今年8岁"], {}),
        (PERSONA, ["我今年45岁"], {"age": 45}),
        (CUSTOMER, ["我在一家叫星河传媒的公司做设计师"], {"company": "星河传媒", "role": "设计师"}),
        (NAMES, ["Bonjour, moi c'est Élodie"], {"name": "Élodie"}),
        (NAMES, ["Je suis fatigué"], {}),
        (NAMES, ["On m'appelle Lolo"], {"preferred_name": "Lolo"}),
        (CUSTOMER, ["Je bosse chez Nuvo comme graphiste"], {"company": "Nuvo", "role": "graphiste"}),
        (CUSTOMER, ["Je suis infirmière à l'hôpital"], {"role": "infirmière"}),
        (NAMES, ["Me puedes decir Nacho"], {"preferred_name": "Nacho"}),
        (NAMES, ["Me llamo Ignacio pero todos me dicen Nacho"], {"name": "Ignacio", "preferred_name": "Nacho"}),
        (CUSTOMER, ["Soy enfermera y trabajo en Clínica Sur"], {"role": "enfermera", "company": "Clínica Sur"}),
        (NAMES, ["Mi hermano se llama Pedro"], {}),
        (NAMES, ["Estoy cansada"], {}),
        (NAMES, ["Mi chiamo Ludovica, ma chiamami Ludo"], {"name": "Ludovica", "preferred_name": "Ludo"}),
        (CUSTOMER, ["Lavoro per Nuvo come grafica"], {"company": "Nuvo", "role": "grafica"}),
        (NAMES, ["O meu nome é Iara, mas pode me chamar de Iá"], {"name": "Iara", "preferred_name": "Iá"}),
        (CUSTOMER, ["Trabalho na Nuvo como analista"], {"company": "Nuvo", "role": "analista"}),
        (CUSTOMER, ["Ich arbeite als Tischler bei Holzwerk Nord"], {"role": "Tischler", "company": "Holzwerk Nord"}),
        (NAMES, ["Mein Vorname ist Wiebke"], {"name": "Wiebke"}),
        (NAMES, ["Alle nennen mich Wiebi"], {"preferred_name": "Wiebi"}),
        (NAMES, ["Meine Schwester heißt Anna"], {}),
        (NAMES, ["ich heiße nicht Anna"], {}),
        (NAMES, ["Gestatten, Jost Achterberg"], {}),
        (NAMES, ["我叫李娜"], {"name": "李娜"}),
        (NAMES, ["大家都叫我小李"], {"preferred_name": "小李"}),
        (NAMES, ["我的名字是王芳"], {"name": "王芳"}),
        (CUSTOMER, ["我在华为工作，是一名工程师"], {"company": "华为", "role": "工程师"}),
        (NAMES, ["我的猫叫咪咪"], {}),
        (NAMES, ["私の名前は佐藤花子です"], {"name": "佐藤花子"}),
        (NAMES, ["はじめまして、田中美咲です。"], {"name": "田中美咲"}),
        (NAMES, ["私は田中です"], {"name": "田中"}),
        (NAMES, ["私は学生です"], {}),
        (NAMES, ["私は仕事中です"], {}),
        (NAMES, ["我姓刘，全名刘晓雯。"], {"name": "刘晓雯"}),
        (NAMES, ["नमस्ते, मैं प्रिया शर्मा हूँ।"], {"name": "प्रिया शर्मा"}),
        (NAMES, ["मैं अनन्या शर्मा बोल रही हूँ"], {"name": "अनन्या शर्मा"}),
        (NAMES, ["मैं बहुत खुश हूँ"], {}),
        (NAMES, ["मैं डॉक्टर हूँ"], {}),
        (NAMES, ["제 이름은 김민수입니다"], {"name": "김민수"}),
        (NAMES, ["меня зовут Ольга"], {"name": "Ольга"}),
        (NAMES, ["зови меня Оля"], {"preferred_name": "Оля"}),
        (NAMES, ["اسمي ليلى"], {"name": "ليلى"}),
        (NAMES, ["मेरा नाम रोहन है"], {"name": "रोहन"}),
        (NAMES, ["Jag heter Linnea"], {"name": "Linnea"}),
        (NAMES, ["Ik ben Sjoerd"], {"name": "Sjoerd"}),
        (NAMES, ["Nazywam się Kacper Nowak"], {"name": "Kacper Nowak"}),
    ],
)
def test_other_languages_by_family(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """A name against an adjective, a title or a place."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["This is for my colleague Ramona"], {}),
        (NAMES, ["My daughter's name is Ida and she's four"], {}),
        (NAMES, ["tell Otto I'm late"], {}),
        (CUSTOMER, ["My wife is a nurse at Charité"], {}),
        (CUSTOMER, ["Our vendor is Solara and they're on pro"], {}),
        (NAMES, ["hey Ramona, are you there?"], {}),
        (NAMES, ["Good morning Otto!"], {}),
        (NAMES, ["I'm with Otto right now"], {}),
        (NAMES, ["is Otto there? this is Ida"], {"name": "Ida"}),
        (NAMES, ["I am Groot"], {}),
        (NAMES, ["i am so done"], {}),
        (NAMES, ["I'm Team Ramona"], {}),
        (NAMES, ["i'm knackered mate"], {}),
        (NAMES, ["im defo going"], {}),
        (NAMES, ["i am gassed about it"], {}),
        (NAMES, ["i am loving this"], {}),
        (NAMES, ["I'm Gen Z"], {}),
        (NAMES, ["I'm Type 1 diabetic"], {}),
        (NAMES, ["I'm Italian-American"], {}),
        (NAMES, ["I'm Vitamin D deficient"], {}),
        (NAMES, ["i am obsessed , you ?"], {}),
        (NAMES, ["hey ! i am bummed , nice to meet you"], {}),
        (NAMES, ["hello ! i am wonderful , nice to meet you too"], {}),
        (NAMES, ["hi , i am zubin , nice to meet you"], {"name": "zubin"}),
    ],
)
def test_somebody_else_is_not_the_author(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Names of others, and adjectives."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["call me old school, but I like paper"], {}),
        (NAMES, ["Call me Cassandra, but this will break"], {}),
        (NAMES, ["call me Monday morning"], {}),
        (NAMES, ["call me asap"], {}),
        (NAMES, ["you can call me anytime"], {}),
        (NAMES, ["call me a cab please"], {}),
        (NAMES, ["call me picky but the font is ugly"], {}),
        (NAMES, ["Call me Scrooge, but 40 euros is a lot"], {}),
        (NAMES, ["they called me Karen for complaining"], {}),
        (NAMES, ["she calls me babe"], {}),
        (NAMES, ["the doctor called me Tuesday"], {}),
        (NAMES, ["My boss called me lazy"], {}),
        (NAMES, ["don't call me Shirley"], {}),
        (NAMES, ["call me Nic, but my real name is Nicholas"], {"preferred_name": "Nic", "name": "Nicholas"}),
        (NAMES, ["call me Jo for short"], {"preferred_name": "Jo"}),
        (NAMES, ["just Jo, please"], {"preferred_name": "Jo"}),
        (NAMES, ["it's Josephine but Jo is fine"], {"name": "Josephine", "preferred_name": "Jo"}),
        (NAMES, ["My name is Josephine (Jo)"], {"name": "Josephine", "preferred_name": "Jo"}),
        (NAMES, ["Josephine, but everybody calls me Jo"], {"name": "Josephine", "preferred_name": "Jo"}),
        (NAMES, ["you can drop the formalities, Jo will do"], {"preferred_name": "Jo"}),
        (NAMES, ["no need for Mrs Marsden, Jo is enough"], {"preferred_name": "Jo"}),
        (NAMES, ["I never use Josephine. Jo."], {}),
        (NAMES, ["Use Jo when you talk to me"], {"preferred_name": "Jo"}),
        (NAMES, ["I'd like you to call me Jo"], {"preferred_name": "Jo"}),
        (NAMES, ["could you please refer to me as Jo from now on"], {"preferred_name": "Jo"}),
        (NAMES, ["my mates all call me Jonno"], {"preferred_name": "Jonno"}),
        (NAMES, ["I'm better known as Jonno"], {"preferred_name": "Jonno"}),
        (NAMES, ["preferred name: Jonno"], {"preferred_name": "Jonno"}),
    ],
)
def test_what_one_is_called(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Nicknames, and idioms with "call me"."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["git config user.name Jane Doe doesn't stick"], {}),
        (NAMES, ["the branch name is hotfix-login"], {}),
        (NAMES, ["the file's name is Report Final"], {}),
        (NAMES, ["the variable name is foo"], {}),
        (NAMES, ["ERROR: my name is undefined at line 4"], {}),
        (NAMES, ["Why does `my name is Bob` not match /name is (\\w+)/?"], {}),
        (NAMES, ["Author: Jane Doe <jane@x.org>\nDate: Mon\n\nfix build"], {}),
        (NAMES, ["The regex should match 'I am Bob' and 'I'm Bob'"], {}),
        (NAMES, ["my test prints Hello I'm Bob instead of Hello I'm Ann"], {}),
        (CUSTOMER, ["INSERT INTO users (name, company) VALUES ('Bob', 'Acme');"], {}),
        (CUSTOMER, ["docker run -e COMPANY=Acme -e ROLE=admin app"], {}),
        (CUSTOMER, ["the logs say user Bob from Acme logged in"], {}),
        (NAMES, ["my server's name is Gandalf"], {}),
        (NAMES, ["My cat's name is Pickles"], {}),
        (NAMES, ["my car is called Betsy"], {}),
        (NAMES, ["my username is jdoe42"], {}),
        (NAMES, ["the hotel's name is Aurora"], {}),
    ],
)
def test_names_in_code_and_of_things(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """None is the author's."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["my name is María del Carmen Ruiz de la Torre"], {"name": "María del Carmen Ruiz de la Torre"}),
        (NAMES, ["I'm J. R. Hartley"], {"name": "J. R. Hartley"}),
        (NAMES, ["I'm Jean-Luc van der Berg III"], {"name": "Jean-Luc van der Berg III"}),
        (NAMES, ["My name is Ng Wei Ling"], {"name": "Ng Wei Ling"}),
        (NAMES, ["I'm Dr. Oluwaseun Adeyemi-Clarke"], {"name": "Oluwaseun Adeyemi-Clarke"}),
        (NAMES, ["my name is X Æ A-12"], {}),
        (NAMES, ["This is Siobhán Ní Bhriain"], {"name": "Siobhán Ní Bhriain"}),
        (NAMES, ["I'm Abu Bakr ibn Yusuf"], {"name": "Abu Bakr ibn Yusuf"}),
        (NAMES, ["my name's Sunday Okafor"], {"name": "Sunday Okafor"}),
        (NAMES, ["My name is Precious Moyo"], {"name": "Precious Moyo"}),
        (NAMES, ["I'm D'Angelo Washington Jr."], {"name": "D'Angelo Washington Jr."}),
        (NAMES, ["My name is Thi Mai Huong Nguyen"], {"name": "Thi Mai Huong Nguyen"}),
        (NAMES, ["the name on my passport is Ekaterina Lvovna Sorokina"], {"name": "Ekaterina Lvovna Sorokina"}),
        (NAMES, ["I'm Zoë-Marie O'Dwyer, pleased to meet you"], {"name": "Zoë-Marie O'Dwyer"}),
        (NAMES, ["my name is Christian"], {"name": "Christian"}),
        (NAMES, ["I'm Christian"], {}),
        (NAMES, ["my name is Destiny and i need help"], {"name": "Destiny"}),
        (NAMES, ["My name is Kim Jong"], {"name": "Kim Jong"}),
    ],
)
def test_names_of_many_parts(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Particles, initials, titles, everyday words."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["hlelo im karthik"], {"name": "karthik"}),
        (NAMES, ["MY NAME IS PRIYANKA AND I NEED HELP NOW"], {"name": "PRIYANKA"}),
        (NAMES, ["myname is sumit"], {"name": "sumit"}),
        (NAMES, ["hi my nme is sumit"], {"name": "sumit"}),
        (NAMES, ["hii i m sumit frm delhi"], {"name": "sumit"}),
        (NAMES, ["yo its ya boy darnell"], {"name": "darnell"}),
        (NAMES, ["im sumit 24 m"], {"name": "sumit"}),
        (NAMES, ["sumit this side"], {"name": "sumit"}),
        (NAMES, ["helo sir myself sumit patel"], {"name": "sumit patel"}),
        (NAMES, ["my good name is sumit"], {"name": "sumit"}),
        (NAMES, ["i am.. uh.. sumit"], {"name": "sumit"}),
        (NAMES, ["Hi!!! I'm SUMIT!!!"], {"name": "SUMIT"}),
        (CUSTOMER, ["i work @ tesco"], {"company": "tesco"}),
        (CUSTOMER, ["workin at tesco atm"], {"company": "tesco"}),
        (CUSTOMER, ["im a nurse n i work nights"], {"role": "nurse"}),
        (CUSTOMER, ["ceo of brightwave btw"], {"role": "ceo", "company": "brightwave"}),
        (CUSTOMER, ["job = welder"], {"role": "welder"}),
        (CUSTOMER, ["tz is cet"], {"timezone": "CET"}),
        (CUSTOMER, ["were on free plan rn"], {"plan_tier": "free"}),
    ],
)
def test_typed_in_a_hurry(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Without capitals, signs and letters."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["I'm not Tom, I'm his brother Luke"], {"name": "Luke"}),
        (NAMES, ["No, my name isn't Carol, it's Carole"], {"name": "Carole"}),
        (CUSTOMER, ["I don't work at Acme, I work at Bolt"], {"company": "Bolt"}),
        (CUSTOMER, ["I'm not a manager, just an intern"], {"role": "intern"}),
        (CUSTOMER, ["we're not on pro, we're on free"], {"plan_tier": "free"}),
        (CUSTOMER, ["not enterprise, just pro"], {}),
        (CUSTOMER, ["I'm no longer a nurse. I'm a paramedic now."], {"role": "paramedic"}),
        (CUSTOMER, ["I don't live in Paris"], {}),
        (NAMES, ["Nobody calls me Margaret, it's Peg"], {"preferred_name": "Peg"}),
        (NAMES, ["I'm not called Ben"], {}),
        (CUSTOMER, ["I am not employed at Google, unlike my wife"], {}),
        (CUSTOMER, ["I haven't worked at Bolt for years"], {}),
    ],
)
def test_a_denial_and_what_holds(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Not this but that."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (SUPPORT, ["complete newbie here, please go slow"], {"expertise": "complete newbie"}),
        (SUPPORT, ["I'm pretty good with SQL"], {"expertise": "pretty good with SQL"}),
        (SUPPORT, ["I know my way around Linux"], {"expertise": "Linux"}),
        (SUPPORT, ["I've never touched a terminal in my life"], {}),
        (SUPPORT, ["kubernetes noob here"], {"expertise": "kubernetes noob"}),
        (SUPPORT, ["I'm comfortable with the command line"], {"expertise": "comfortable with the command line"}),
        (SUPPORT, ["senior Java dev here, you can be technical"], {"expertise": "senior Java dev"}),
        (SUPPORT, ["my background is in networking"], {"expertise": "networking"}),
        (SUPPORT, ["I've been coding for twenty years"], {}),
        (SUPPORT, ["I'm new to all this"], {"expertise": "new to all this"}),
        (SUPPORT, ["I only started learning React last week"], {}),
        (SUPPORT, ["we signed up for the Starter plan last week"], {"plan": "Starter"}),
        (SUPPORT, ["our subscription is Business"], {"plan": "Business"}),
        (SUPPORT, ["Starter plan here, can't export"], {"plan": "Starter"}),
        (SUPPORT, ["on Business, admin role, can't invite anybody"], {"plan": "Business"}),
        (SUPPORT, ["this is Tallow & Finch, our webhook fails"], {"company": "Tallow & Finch"}),
        (SUPPORT, ["Tallow & Finch, Business plan. Webhooks fail."], {"company": "Tallow & Finch", "plan": "Business"}),
        (SUPPORT, ["calling on behalf of Tallow & Finch"], {"company": "Tallow & Finch"}),
        (SUPPORT, ["I look after IT for Tallow & Finch"], {"company": "Tallow & Finch"}),
        (SUPPORT, ["our company, Tallow & Finch, needs sso"], {"company": "Tallow & Finch"}),
        (SUPPORT, ["At Tallow & Finch we use your API daily"], {"company": "Tallow & Finch"}),
        (SUPPORT, ["we at Tallow & Finch love this"], {"company": "Tallow & Finch"}),
        (SUPPORT, ["does the Business plan include sso?"], {}),
        (SUPPORT, ["I'm thinking of moving to Business"], {}),
        (SUPPORT, ["we were on Starter until June"], {}),
        (SUPPORT, ["customer since 2019 on the Starter tier"], {"plan": "Starter"}),
        (SUPPORT, ["is your Business plan good for newbies?"], {}),
    ],
)
def test_what_one_is_good_at(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Levels and fields of expertise, firms and plans beside them."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (PERSONA, ["i am a stay at home mom of two"], {}),
        (PERSONA, ["i work as a bartender at the moxy"], {"role": "bartender", "company": "moxy"}),
        (PERSONA, ["i am going to be 30 next month"], {}),
        (PERSONA, ["i just hit the big 4 0"], {}),
        (PERSONA, ["i am from texas originally but live in ohio now"], {"location": "ohio"}),
        (PERSONA, ["we just bought a house in tucson"], {}),
        (PERSONA, ["my wife and i live in denver with our dogs"], {"location": "denver"}),
        (PERSONA, ["born and raised in chicago"], {"location": "chicago"}),
        (PERSONA, ["i teach third grade at a public school"], {}),
        (PERSONA, ["i drive trucks for a living"], {}),
        (PERSONA, ["i am a vet tech , i love animals"], {"role": "vet tech"}),
        (PERSONA, ["i work for my dad s plumbing company"], {}),
        (PERSONA, ["i am 6 feet tall and weigh 180"], {}),
        (PERSONA, ["my grandma is 92 and lives in reno"], {}),
        (PERSONA, ["i feel 80 years old today"], {}),
        (PERSONA, ["i have been a fan for 20 years"], {}),
        (PERSONA, ["i wish i lived in paris"], {}),
        (PERSONA, ["i work in a bank downtown"], {}),
        (PERSONA, ["i am a big fan of taylor swift"], {}),
        (PERSONA, ["i am a huge star wars nerd"], {}),
        (PERSONA, ["my favorite singer is adele . yours ?"], {}),
        (PERSONA, ["adele is my favorite , i am a swiftie too"], {}),
        (PERSONA, ["i love ed sheeran , he is from england"], {}),
        (PERSONA, ["i am listening to johnny cash right now"], {}),
        (PERSONA, ["i named my dog winston"], {}),
        (PERSONA, ["his name is oliver"], {}),
        (PERSONA, ["my son oliver is 4"], {}),
        (PERSONA, ["i play for the local team , go tigers"], {}),
        (PERSONA, ["i am like michael scott at work"], {}),
        (PERSONA, ["the best actor is denzel , i am telling you"], {}),
    ],
)
def test_small_talk(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """What people say of themselves in passing, and of others."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["UK time for me please"], {"timezone": "Europe/London"}),
        (CUSTOMER, ["my meetings are all in Singapore time"], {"timezone": "Asia/Singapore"}),
        (CUSTOMER, ["My client's meetings are in Eastern time"], {}),
        (CUSTOMER, ["what time is it in Tokyo"], {}),
        (CUSTOMER, ["I work 9 to 5 CET"], {"timezone": "CET"}),
        (CUSTOMER, ["I'm five hours behind London"], {}),
        (CUSTOMER, ["I'm 3 hours ahead of New York"], {}),
        (CUSTOMER, ["my laptop's clock is on UTC+2"], {"timezone": "UTC+2"}),
        (CUSTOMER, ["show times in Tokyo time, that's where I live"], {"timezone": "Asia/Tokyo"}),
        (CUSTOMER, ["the webinar is at 5pm PST"], {}),
        (CUSTOMER, ["we work Lisbon hours"], {"timezone": "Europe/Lisbon"}),
        (CUSTOMER, ["timezone? eastern"], {"timezone": "America/New_York"}),
        (CUSTOMER, ["I'm in Mountain, not Pacific"], {"timezone": "America/Denver"}),
    ],
)
def test_clocks(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Zones of one's own, and of others."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("said", "profile"),
    [
        ("I run the day shift as a floor nurse over at Saint Brigid Hospital", {"role": "floor nurse", "company": "Saint Brigid Hospital"}),
        ("I've been with Hale & Porter for six years now", {"company": "Hale & Porter"}),
        ("I've been with Emma for ten years", {}),
        ("I've been with Verizon for ten years", {}),
        ("I've been at Heathrow for six hours now", {}),
        ("Quick question from the Calyx team: is the dashboard down?", {"company": "Calyx"}),
        ("Got a message from the Netflix team: is it real?", {}),
        ("Being a paralegal for Dunmore Legal, I read contracts all day", {"role": "paralegal", "company": "Dunmore Legal"}),
        ("Being a nurse must be hard", {}),
        ("Carrow Freight is where I work", {"company": "Carrow Freight"}),
        ("Slack is where I work best", {}),
        ("I'm one of the route planners at Carrow Freight", {"role": "route planner", "company": "Carrow Freight"}),
        ("My employer is Halden, a pump maker", {"company": "Halden"}),
        ("The account is under Marigold Foods", {"company": "Marigold Foods"}),
        ("my account is under review", {}),
        ("My contract with Siemens ended in May and I've been looking since", {}),
    ],
)
def test_what_ones_work_is_is_read(said: str, profile: dict[str, Any]) -> None:
    """Verbs of work, years with a firm, and who speaks for a team."""
    assert learn(CUSTOMER, said) == profile


@pytest.mark.parametrize(
    ("said", "profile"),
    [
        ("Our enterprise contract runs until June", {"plan_tier": "enterprise"}),
        ("Their enterprise contract runs until June", {}),
        ("Both my husband and I are on Pro", {"plan_tier": "pro"}),
        ("I pay for pro every month", {"plan_tier": "pro"}),
        ("I'd like the pro features without paying for pro", {}),
        ("is it worth paying for pro?", {}),
        ("we went back to free", {"plan_tier": "free"}),
        ("our site is free to use", {}),
        ("we just bumped ourselves up to enterprise", {"plan_tier": "enterprise"}),
        ("our competitor is on enterprise", {}),
    ],
)
def test_the_plan_one_is_on_is_read(said: str, profile: dict[str, Any]) -> None:
    """Contracts, payment and steps up and down; not what one would like or what is free."""
    assert learn(CUSTOMER, said) == profile


@pytest.mark.parametrize(
    ("said", "profile"),
    [
        ("my clock says UTC+3", {"timezone": "UTC+3"}),
        ("my calendar says 3pm PST for the call", {}),
        ("Nairobi is where I live, EAT.", {"timezone": "Africa/Nairobi"}),
        ("Europe/Warsaw is what you want for my calendar", {"timezone": "Europe/Warsaw"}),
        ("it's 7pm here in Denver", {"timezone": "America/Denver"}),
        ("it's 5pm here in the office", {}),
        ("It's 5am in Sydney", {}),
        ("EST is the one I always forget", {}),
    ],
)
def test_the_clock_one_lives_by_is_read(said: str, profile: dict[str, Any]) -> None:
    """Clocks that say it, places with their zone, the hour here."""
    assert learn(CUSTOMER, said) == profile


@pytest.mark.parametrize(
    ("said", "profile"),
    [
        ("Robert Tan is what's on my licence, though I answer to Bobby", {"name": "Robert Tan", "preferred_name": "Bobby"}),
        ("It's Jo, short for Josephine", {"name": "Josephine", "preferred_name": "Jo"}),
        ("my dog is Max, short for Maximilian", {}),
        ("I'm short for time", {}),
        ("Josephine on paper, Jo in life", {"name": "Josephine", "preferred_name": "Jo"}),
        ("I've always been Jo to everyone", {"preferred_name": "Jo"}),
        ("I've always been there for everyone", {}),
        ("Benny is what I answer to", {"preferred_name": "Benny"}),
        ("Max is what I call my dog", {}),
        ("my birth certificate reads Benjamin Aldous", {"name": "Benjamin Aldous"}),
        ("my badge reads Visitor", {}),
        ("Everything's fine", {}),
    ],
)
def test_names_and_what_is_made_of_them_is_read(said: str, profile: dict[str, Any]) -> None:
    """Names on paper, short forms, and whose they are."""
    assert learn(NAMES, said) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["I'm a designer at Plinth", "moved over to Quarry last month"], {"role": "designer", "company": "Quarry"}),
        (CUSTOMER, ["we're Plinth Labs", "we trade as Quarry now"], {"company": "Quarry"}),
        (CUSTOMER, ["My company is called Plinth.", "Delete my company name, legal doesn't want it stored."], {}),
        (CUSTOMER, ["I work at Plinth", "they showed me the door last week"], {}),
        (SUPPORT, ["Our plan is Starter", "Scratch that, I looked at the wrong page. Scale."], {"plan": "Scale"}),
        (
            CUSTOMER,
            [("assistant", "Which tier are you on: free, pro or enterprise?"), "the last one, enterprise"],
            {"plan_tier": "enterprise"},
        ),
        (NAMES, [("assistant", "Are you Mr Delgado?"), "Yes, Andrés Delgado"], {"name": "Andrés Delgado"}),
        (NAMES, [("assistant", "Is this John?"), "yes, John is my boss"], {}),
        (NAMES, [("assistant", "Is it Python?"), "yes, Python"], {}),
        (TRAVELLER, [("assistant", "Any food allergies?"), "shellfish and peanuts"], {"allergies": ["shellfish", "peanuts"]}),
        (TRAVELLER, [("assistant", "Any allergies?"), "none that I know of"], {}),
        (TRAVELLER, [("assistant", "Would you take economy or business?"), "business is too expensive"], {}),
        (CUSTOMER, ["ich bin Gabelstaplerfahrer"], {"role": "Gabelstaplerfahrer"}),
        (CUSTOMER, ["soy camionero"], {"role": "camionero"}),
        (CUSTOMER, ["soy muy sincero"], {}),
        (CUSTOMER, ["我是华为的工程师"], {"company": "华为", "role": "工程师"}),
    ],
)
def test_what_the_conversation_or_another_language_tells_is_read(
    fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]
) -> None:
    """Changes, confirmations and answers; titles of other languages by their endings."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "message", "profile"),
    [
        (CUSTOMER, "I've been paying for Pro since 2021", {"plan_tier": "pro"}),
        (CUSTOMER, "my Pro renewal was charged twice", {"plan_tier": "pro"}),
        (CUSTOMER, "I just paid for Pro with my own card", {"plan_tier": "pro"}),
        (CUSTOMER, "we're on the no-cost tier", {"plan_tier": "free"}),
        (CUSTOMER, "on est sur le plan gratuit", {"plan_tier": "free"}),
        (SUPPORT, "I upgraded to Business Plus this morning", {"plan": "Business Plus"}),
        (CUSTOMER, "Company's Amber Road", {"company": "Amber Road"}),
        (CUSTOMER, "our three-person studio (Papercut Kites) needs help", {"company": "Papercut Kites"}),
        (CUSTOMER, "My wife and I own Two Herons, a little bookshop.", {"company": "Two Herons"}),
        (PERSONA, "i'm a mechanic at a shop called lug nuts", {"role": "mechanic", "company": "lug nuts"}),
        (PERSONA, "turned 33 last friday , had cake", {"age": 33}),
        (PERSONA, "home is montreal these days", {"location": "montreal"}),
        (PERSONA, "i have an apartment in brooklyn", {"location": "brooklyn"}),
        (NAMES, "I'm the tenant, Marisol Vega.", {"name": "Marisol Vega"}),
        (NAMES, "Oskar signing in", {"name": "Oskar"}),
        (NAMES, "The name on the booking is mine, Katrin Holm.", {"name": "Katrin Holm"}),
        (NAMES, "you keep calling me Rosalyn", {}),
        (CUSTOMER, "Picture me as a lighthouse keeper!", {}),
    ],
)
def test_facts_are_read_where_they_stand_beside_other_things(fields: list[Field], message: str, profile: dict[str, Any]) -> None:
    """In a renewal, a bracket, an apposition."""
    assert learn(fields, message) == profile
