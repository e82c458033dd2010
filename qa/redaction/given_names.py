"""Usual given names, by which a name is known where nothing else says that it is one."""

from __future__ import annotations

#: Left out: names that are usual words too (Mark, Will, Grace, Hope, May, Rose, Art, Bill, Jack, Frank, Rich, Dawn).
_NAMES = """
aaron abdul abdullah abigail adam adrian adriana ahmed aisha alan albert alejandro alessandro alexander alexandra
alexis alfred ali alice alicia alina amanda amelia amir amy ana anastasia andrea andreas andrei andrew angela anita
anja anna anne annette antoine anton antonia antonio arjun arthur astrid barbara beatriz benjamin bernard bernd bianca
birgit brandon brian bruno camila camille carla carlos carmen carolina caroline catherine charles charlotte chiara
chloe christian christina christine christoph christopher claire clara claudia clemens cristina dagmar daniel daniela
david deborah denise dennis diana diego dieter dmitri dominik donald dorothea edward elena eleanor elias elisabeth
elizabeth ella ellen emily emma enrique eric erik erika esther ethan eva fabian farid fatima felipe felix fernando
filip fiona florian francesca francesco francisco francois françois franz franziska friedrich gabriel gabriela georg
george gerald gerhard giorgio giovanni giulia giuseppe greta guillaume gustavo hannah hans harald hassan heather heike
heinrich helena helga helmut henri hendrik henrik holger hugo ibrahim ines ingrid irina isabel isabella ivan jacob
jacqueline jakob james jan jana janina jasmin jason javier jean jennifer jens jeremy jessica joana joanna johan johann
johanna johannes john jonas jonathan jorge josef jose josé joseph joshua juan judith julia julian juliana julien
jürgen justin karen karim karin karl karolina katarina katharina katherine kathrin katja kenneth kevin khalid klaus
konrad kristina lars laura lauren laurent lea leila leon leonard leonardo leonie lena liam lina linda lisa lorenzo
louis louisa louise luca lucas lucia luis luisa lukas magdalena maja manuel marc marcel marco marcus margaret maria
mariam marie marina mario marion markus marta martha martin martina mateo mateusz matteo matthew matthias maximilian
megan mehmet melanie melissa mia michael michaela michał michelle miguel mikhail mila miriam mohamed mohammed monica
monika moritz muhammad mustafa nadia nadine natalia natalie natasha nathan nicholas nicolas nicole niklas nina noah
nora olga oliver olivia omar oscar oskar pablo paolo patricia patrick patrik paul paula pauline pavel pedro peter
petra philip philipp philippe pierre piotr priya rachel rafael rahul ralf raquel raphael rebecca regina renate ricardo
richard robert roberto rodrigo roland roman ronald rosa ruben rüdiger ryan sabine samantha samir samuel sandra sara
sarah sebastian sergei sergio silke silvia simon simone sofia sonja sophia sophie stefan stefanie stefano stella
stephan stephanie stephen steven susan susanne svetlana sven sylvia tamara tanja tatiana teresa theo theresa thomas
thorsten tim tobias tom tomas tomasz tyler ulrich ulrike ursula uwe valentina valerie vanessa vera veronika victor
victoria vincent vladimir walter werner wilhelm william wolfgang xavier yasmin youssef yusuf yuki zoe
"""
GIVEN = frozenset(_NAMES.split())
