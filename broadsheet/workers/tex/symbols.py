r"""What TeX's commands mean in text.

Responsible for the tables: styles, symbols, accents, and commands that print nothing. Not
responsible for reading them (`commands`).
"""

from __future__ import annotations


def _pair(text: str) -> dict[str, str]:
    """Read a table that is written as names, each before what it stands for."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _words(text: str) -> frozenset[str]:
    """Read a set that is written as names."""
    return frozenset(text.split())


# Commands that style their argument; `code` holds characters only.
STYLES = _pair(
    """
    textbf strong mathbf strong textit em emph em textsl em textsc sc underline u uline u ul u
    textsuperscript sup textsubscript sub texttt code code code path code verbatim code
    mathtt code
    """
)
# Commands that style the rest of their group.
SWITCHES = _pair(
    """
    bf strong bfseries strong it em itshape em em em sl em slshape em sc sc scshape sc tt code
    ttfamily code
    """
)
# Commands whose argument is the text itself.
TRANSPARENT = _words(
    """
    Ac Acf Acp Gls MakeUppercase ac acf acl acp acrfull acrlong acrshort acs added bm boldsymbol
    caption ensuremath fbox framebox gls glsentrylong glspl hbox highlight hl lowercase makebox
    mathbb mathbbm mathcal mathfrak mathit mathnormal mathrm mathscr mathsf mbox num operatorname
    paragraph section si sout st subsection text textlf textmd textnormal textrm textsf
    textup title unit uppercase
    """
)
# References to what is not here; they go with the space before them.
CITATIONS = _words(
    """
    cite citep citet citealp citealt citeauthor citeyear Cite parencite textcite autocite nocite
    ref eqref autoref cref Cref label citenum citeyearpar footcite fullcite Citet Citep pageref
    vref nameref Autoref subref
    """
)
_SILENT_WITH_ARGUMENT = _words(
    """
    color vspace hspace begin end includegraphics usepackage bibliography bibliographystyle vskip
    index pagestyle setlength phantom hphantom vphantom
    """
)
_SILENT = _words(
    """
    noindent par xspace protect centering smallskip medskip bigskip left right small footnotesize
    scriptsize tiny large Large normalsize normalfont rm rmfamily sf sffamily upshape
    displaystyle limits nolimits sloppy allowbreak relax footnotemark maketitle hfill vfill hrule
    hline toprule midrule bottomrule clearpage newpage pagebreak raggedright raggedleft indent
    huge Huge LARGE mdseries bigl bigr big Big Bigl Bigr bigg Bigg textstyle scriptstyle
    leavevmode unskip ignorespaces null boldmath unboldmath nobreak linewidth textwidth
    """
)
# Commands that print nothing themselves, and how many arguments they take with them.
SILENT = dict.fromkeys(CITATIONS | _SILENT_WITH_ARGUMENT, 1) | dict.fromkeys(_SILENT, 0)
# Accents: combining characters (Unicode, Combining Diacritical Marks).
ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
# Letters and joining signs: as in TeX, the space behind the command belongs to it.
LETTERS = _words(
    """
    i j o O l L aa AA ae AE oe OE ss SS dh DH th TH dj DJ ng NG ij IJ
    textendash textemdash textquoteleft textquotedblleft quotedblbase quotesinglbase
    guillemotleft guilsinglleft glqq flqq
    """
)
SYMBOLS = _pair(
    """
    i ı j ȷ o ø O Ø l ł L Ł aa å AA Å ae æ AE Æ oe œ OE Œ ss ß dh ð DH Ð th þ TH Þ dj đ DJ Đ S §
    P ¶ copyright © textregistered ® texttrademark ™ pounds £ euro € EUR € yen ¥ dag † ddag ‡
    ldots … dots … cdots ⋯ textellipsis … textendash – textemdash — textquoteleft ‘
    textquoteright ’ textquotedblleft “ textquotedblright ” textasciitilde ~ textasciicircum ^
    textunderscore _ textless < textgreater > textbar | textdollar $ textdegree ° degree °
    percent % slash / checkmark ✓ eg e.g. ie i.e. etc etc. LaTeX LaTeX TeX TeX alpha α beta β
    gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν
    xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ
    Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω times × cdot · pm ± mp ∓
    div ÷ circ ∘ ast ∗ star ⋆ bullet • textbullet • le ≤ leq ≤ ge ≥ geq ≥ ll ≪ gg ≫ ne ≠ neq ≠
    approx ≈ sim ∼ simeq ≃ equiv ≡ propto ∝ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ in ∈
    notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ emptyset ∅ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ to →
    rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ uparrow ↑ downarrow ↓
    mapsto ↦ ell ℓ oplus ⊕ otimes ⊗ langle ⟨ rangle ⟩ lVert ‖ rVert ‖ mid | log log exp exp
    max max min min arg arg milli m micro µ kilo k mega M giga G second s meter m metre m gram g
    hertz Hz watt W joule J ng ŋ NG Ŋ SS ẞ ij ĳ IJ Ĳ textquotesingle ' guillemotleft «
    guillemotright » flqq « frqq » glqq „ grqq “ quotedblbase „ quotesinglbase ‚ guilsinglleft ‹
    guilsinglright › textonehalf ½ textonequarter ¼ textthreequarters ¾ textmu µ texteuro €
    textsterling £ textyen ¥ textcent ¢ textsection § textparagraph ¶ textcopyright ©
    textdagger † textdaggerdbl ‡ textordfeminine ª textordmasculine º textnumero №
    textperiodcentered · textexclamdown ¡ textquestiondown ¿ textbraceleft { textbraceright }
    textpm ± texttimes × textdiv ÷ textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓
    textasteriskcentered ∗ textminus − nobreakdash ‑ vdots ⋮ ddots ⋱ hbar ℏ Re ℜ Im ℑ aleph ℵ
    wp ℘ angle ∠ perp ⊥ parallel ∥ models ⊨ vdash ⊢ supset ⊃ supseteq ⊇ setminus ∖ wedge ∧ vee ∨
    lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ longrightarrow ⟶ Longrightarrow ⟹ implies ⟹ iff ⟺ gets ←
    lesssim ≲ gtrsim ≳ leqslant ≤ geqslant ≥ cong ≅ prime ′ cdotp · lbrace { rbrace } lbrack [
    rbrack ] vert | Vert ‖ top ⊤ bot ⊥ square □ triangle △ diamond ⋄ clubsuit ♣ spadesuit ♠
    heartsuit ♥ sharp ♯ flat ♭ natural ♮ vartheta ϑ varrho ϱ varsigma ς varpi ϖ omicron ο xmark ✗
    cmark ✓ sqrt √ dagger † ddagger ‡ sin sin cos cos tan tan ln ln sup sup inf inf lim lim Pr Pr
    det det dim dim BibTeX BibTeX LaTeXe LaTeX2ε XeTeX XeTeX XeLaTeX XeLaTeX vs vs. wrt w.r.t.
    aka a.k.a. nano n pico p centi c deci d tera T celsius °C degreeCelsius °C kelvin K ampere A
    volt V ohm Ω newton N pascal Pa byte B bit bit minute min hour h day d litre l liter l
    tonne t mole mol decibel dB electronvolt eV kilogram kg kg kg km km cm cm mm mm nm nm ms ms
    us µs ns ns kHz kHz MHz MHz GHz GHz Hz Hz GB GB MB MB kB kB TB TB per / squared ² cubed ³
    arcsecond ″ arcminute ′
    """
) | {
    "textbackslash": "\\",
    "space": " ",
    "quad": " ",
    "qquad": " ",
    "item": "• ",
    "etal": "et al.",
    "textquotedbl": '"',
    "nobreakspace": "\xa0",
    "thinspace": "\u2009",
    "enspace": " ",
    "backslash": "\\",
    "argmax": "arg max",
    "argmin": "arg min",
}
# A backslash before one of these prints the sign itself.
ESCAPED = frozenset("%&_#${}@*")
# A backslash before one of these prints a space, or nothing.
SPACING = {
    ",": "\u2009",
    " ": " ",
    ";": " ",
    ":": " ",
    ">": " ",
    "\\": " ",
    "-": "",
    "/": "",
    "!": "",
}
