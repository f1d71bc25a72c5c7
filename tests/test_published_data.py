"""CSV files in the form of those that lessons use: each loads, or fails with the key to set.

The rows are our own; their columns, separators and odd cells are those of the published files.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.errors import ConfigError
from optanim.surfaces import Surface

FAITHFUL = "Old Faithful, a geyser: waits and eruptions\nof one month.\n\n" + (
    "       eruptions waiting\n1          3.100      71\n2          1.900      52\n"
    "3          4.200      83\n"
)
FORMS: dict[str, tuple[str, str, tuple[str, ...], list[float]]] = {
    "hours and scores": (
        "Hours,Scores\n1.5,20\n3.1,41\n8.2,77\n", "model: w*Hours + b",
        ("Hours", "Scores"), [1.5, 3.1, 8.2],
    ),
    "salaries": (
        ",YearsExperience,Salary\n0,1.2,39001.0\n1,2.4,45002.0\n2,9.9,110003.0\n",
        "model: w*x + b, standardize: true", ("YearsExperience", "Salary"), [1.2, 2.4, 9.9],
    ),
    "positions and salaries": (
        "Position,Level,Salary\nBusiness Analyst,1,45000\nManager,4,80000\nCEO,10,900000\n",
        "model: w*Level + b, y: Salary", ("Level", "Salary"), [1, 4, 10],
    ),
    "Anscombe, wide, of R": (
        '"","x1","x2","x3","x4","y1","y2","y3","y4"\n"1",10,10,10,8,8.1,9.2,7.4,6.5\n'
        '"2",8,8,8,8,7.0,8.2,6.8,5.8\n"3",13,13,13,19,7.6,8.7,12.7,7.7\n',
        "x: x3, y: y3, model: w*x + b", ("x3", "y3"), [10, 8, 13],
    ),
    "Anscombe, wide, one x": (
        "x123;y1;y2;y3;x4;y4\n10;8,1;9,2;7,4;8;6,5\n8;7,0;8,2;6,8;8;5,8\n",
        "model: w*x123 + b, y: y1", ("x123", "y1"), [10, 8],
    ),
    "Anscombe, long": (
        "dataset,x,y\nI,10.0,8.1\nI,8.0,7.0\nII,10.0,9.2\nII,8.0,8.2\nIII,13.0,12.8\n",
        "model: w*x + b, where: {dataset: II}", ("x", "y"), [10, 8],
    ),
    "penguins": (
        "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n"
        "Adelie,Dream,39.5,18.0,181,3750,MALE\nAdelie,Dream,,,,,\n"
        "Gentoo,Biscoe,46.5,15.0,215,5000,FEMALE\nGentoo,Biscoe,NA,NA,NA,NA,NA\n",
        "model: w*flipper_length_mm + b, y: body_mass_g, missing: drop",
        ("flipper_length_mm", "body_mass_g"), [181, 215],
    ),
    "penguins, by sex": (
        '"rowid","species","bill_length_mm","body_mass_g","sex"\n'
        '"1","Adelie",39.5,3750,"male"\n"2","Adelie",40.5,3250,"female"\n"3","Adelie",NA,NA,NA\n',
        "model: sigmoid(w*body_mass_g + b), y: sex, loss: logloss, missing: drop",
        ("body_mass_g", "sex"), [3750, 3250],
    ),
    "mpg of seaborn": (
        "mpg,cylinders,displacement,horsepower,weight,acceleration,model_year,origin,name\n"
        "18.5,8,301.0,131.0,3500,12.5,70,usa,a car\n25.5,4,99.0,,2050,19.5,71,usa,b car\n"
        "31.5,4,98.0,66.0,2300,17.5,82,japan,c car\n",
        "model: w*horsepower + b, y: mpg, missing: drop", ("horsepower", "mpg"), [131, 66],
    ),
    "mpg of its archive": (
        '18.5   8   301.0      131.0      3500.      12.5   70  1\t"a car"\n'
        '25.5   4   99.00      ?          2050.      19.5   71  1\t"b car"\n'
        '31.5   4   98.00      66.00      2300.      17.5   82  3\t"c car"\n',
        "x: 4, y: 1, model: w*x + b, missing: drop", ("4", "1"), [131, 66],
    ),
    "mpg of R": (
        '"","manufacturer","model","displ","year","cyl","hwy","class"\n'
        '"1","a","a4",1.9,1999,4,28,"compact"\n"2","b","b4",2.5,2008,6,25,"suv"\n',
        "model: w*displ + b, y: hwy", ("displ", "hwy"), [1.9, 2.5],
    ),
    "cars of R": (
        '"mpg" "cyl" "wt"\n"Mazda X4" 21.5 6 2.61\n"Datsun 7" 22.5 4 2.31\n"Duster" 14.5 8 3.51\n',
        "model: w*wt + b, y: mpg", ("wt", "mpg"), [2.61, 2.31, 3.51],
    ),
    "tips": (
        "total_bill,tip,sex,smoker,day,time,size\n16.5,1.1,Female,No,Sun,Dinner,2\n"
        "10.5,1.7,Male,Yes,Sun,Dinner,3\n21.5,3.5,Male,No,Sat,Dinner,3\n",
        "model: w*total_bill + b, y: tip, where: {smoker: No}", ("total_bill", "tip"), [16.5, 21.5],
    ),
    "Advertising": (
        '"","TV","radio","newspaper","sales"\n"1",230.5,37.5,69.5,22.5\n"2",44.5,39.5,45.5,10.5\n'
        '"3",17.5,45.5,69.5,9.5\n',
        "model: w1*TV + w2*radio, y: sales", ("TV", "radio", "sales"), [230.5, 44.5, 17.5],
    ),
    "GISTEMP": (
        "Land-Ocean: Global Means\nYear,Jan,Feb,Dec,J-D,D-N\n1880,-.18,-.24,-.17,-.16,***\n"
        "1881,-.19,-.14,-.07,-.08,-.09\n2026,1.2,1.3,***,***,1.2\n",
        "x: Year, y: J-D, model: w*(x - 1950) + b, missing: drop", ("Year", "J-D"), [1880, 1881],
    ),
    "CO2": (
        "# a text\n# about, the data\nyear,mean,unc\n1959,316.0,0.12\n1960,316.9,0.12\n",
        "model: w*(year - 1959) + b, y: mean", ("year", "mean"), [1959, 1960],
    ),
    "geyser, as text": (FAITHFUL, "model: w*eruptions + b", ("eruptions", "waiting"),
                        [3.1, 1.9, 4.2]),
    "geyser, of R": (
        '"eruptions","waiting"\n"1",3.1,71\n"2",1.9,52\n', "model: w*x + b",
        ("eruptions", "waiting"), [3.1, 1.9],
    ),
    "geyser of seaborn": (
        "duration,waiting,kind\n3.1,71,long\n1.9,52,short\n",
        "model: sigmoid(w*duration + b), y: kind, loss: logloss", ("duration", "kind"), [3.1, 1.9],
    ),
    "Galton": (
        '"family","father","mother","sex","height","nkids"\n"1",78.5,67,"M",73.2,4\n'
        '"1",78.5,67,"F",69.2,4\n"136A",68.5,65,"M",68.2,3\n"204",70.5,66,"M",71.2,3\n',
        "model: w*father + b, y: height, where: {sex: M}", ("father", "height"), [78.5, 68.5, 70.5],
    ),
    "Galton, between tabs": (
        "family\tfather\tmother\tgender\theight\tkids\tmale\n1\t78.5\t67\tM\t73.2\t4\t1\n"
        "1\t78.5\t67\tF\t69.2\t4\t0\n2\t70.5\t66\tM\t71.2\t3\t1\n",
        "model: w1*father + w2*mother, y: height", ("father", "mother", "height"),
        [78.5, 78.5, 70.5],
    ),
    "iris": (
        '"Sepal.Length","Sepal.Width","Species"\n5.2,3.4,"setosa"\n4.8,3.1,"setosa"\n',
        "columns: {l: Sepal.Length}, y: Sepal.Width, model: w*l + b",
        ("Sepal.Length", "Sepal.Width"), [5.2, 4.8],
    ),
    "prices with thousands": (
        'area,price,sold\n"1,200","$250,000",2024-05-01\n'.replace("$", "") +
        '"2,400","402,000",2024-06-01\n',
        "model: w*area + b, y: price", ("area", "price"), [1200, 2400],
    ),
    "stock prices": (
        "Date,Open,Close,Volume\n2024-05-01,170.5,171.2,100\n2024-05-02,171.5,172.9,120\n",
        "x: Date, y: Close, model: w*x + b", ("Date (days since 2024-05-01)", "Close"), [0, 1],
    ),
    "a public office": (
        "Stand: 01.05.2024;;\n;;\nJahr;Einwohner;Anteil in %\n2010;81.751.602;12,5\n"
        "2020;83.166.711;14,1\n;;\n",
        "x: Jahr, y: Einwohner, model: w*x + b", ("Jahr", "Einwohner"), [2010, 2020],
    ),
}  # fmt: skip


def surface_of(text: str, keys: str) -> Surface:
    Path("d.csv").write_text(text, "utf-8")
    config = f"surface: {{regression: {{data: d.csv, {keys}}}}}\nstart: [0, 0]\noptimizer: gd\n"
    return optanim.loads(config, source="c.yaml").surface


@pytest.mark.parametrize("name", FORMS)
def test_a_published_form_loads(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text, keys, names, x = FORMS[name]
    data = surface_of(text, keys).data
    assert data is not None and data.names == names
    assert data.x.tolist() == x and np.isfinite(data.y).all()


FAILS = {
    "penguins": (*FORMS["penguins"][:2], "missing: drop leaves out"),
    "GISTEMP": (*FORMS["GISTEMP"][:2], "missing: drop leaves out"),
    "mpg of its archive": (*FORMS["mpg of its archive"][:2], "missing: drop leaves out"),
    "iris": (
        FORMS["iris"][0],
        "y: Sepal.Width, model: w*Sepal.Length + b",
        "columns: {a: its name}",
    ),
    "tips": (FORMS["tips"][0], "model: w*x + b", "set which are x and y"),
    "Advertising": (FORMS["Advertising"][0], "model: w*TV + b", "set y"),
    "Galton": (
        FORMS["Galton"][0],
        "model: w*Father + b, x: Father, y: height",
        "did you mean 'father'",
    ),
    "Anscombe, long": (
        FORMS["Anscombe, long"][0],
        "model: w*x + b, where: {dataset: 2}",
        "I, II, III",
    ),
    "prices": ("area,price\n120,$250\n240,$400\n", "model: w*x + b", "write 250, without '$'"),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_published_form_fails_with_the_key_to_set(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, keys, message = FAILS[name]
    with pytest.raises(ConfigError) as caught:
        surface_of(text, keys.replace(", missing: drop", ""))
    assert message in str(caught.value)
